import { Badge, Group, SimpleGrid, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readDetailedHealthOptions, readMetricsOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Figure } from "@/components/Figure";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useServerWords } from "@/lib/serverWords";
import { useFormats } from "@/lib/useFormats";
import { useWord } from "@/lib/useWord";

const COLOURS: Record<string, string> = { ok: "teal", warning: "yellow", failed: "red" };
const PROCESS = "process ";
const MEGABYTE = 1_048_576;

/** How well each part of the server is, and why. */
export function ServerScreen() {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const { phrase } = useServerWords();
  const health = useQuery({ ...readDetailedHealthOptions(), refetchInterval: 15_000 });
  const metrics = useQuery({ ...readMetricsOptions(), refetchInterval: 15_000 });
  return (
    <>
      <ScreenTitle
        title={t("app.screens.server")}
        note={health.data && t("server.version", { version: health.data.version })}
      />
      <Asked query={health}>
        {(found) => (
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} mb="md">
            {found.parts.map((part) => (
              <Panel key={part.part}>
                <Group justify="space-between" mb={4}>
                  <Text fw={600}>
                    {part.part.startsWith(PROCESS)
                      ? t("server.process", { name: part.part.slice(PROCESS.length) })
                      : phrase(part.part)}
                  </Text>
                  <Badge variant="light" color={COLOURS[part.status] ?? "gray"}>
                    {word("common.health", part.status)}
                  </Badge>
                </Group>
                <Text size="sm" c="dimmed">
                  {phrase(part.reason)}
                </Text>
                {part.value !== null && (
                  <Text size="sm">
                    {formats.number(part.value, 1)} {part.unit}
                  </Text>
                )}
              </Panel>
            ))}
          </SimpleGrid>
        )}
      </Asked>
      <Panel>
        <Asked query={metrics} height={50}>
          {(found) => (
            <Group gap="xl">
              <Figure label={t("server.uptime")}>{formats.span(found.uptime_s)}</Figure>
              <Figure label={t("server.requests")}>{formats.number(found.requests, 0)}</Figure>
              <Figure label={t("server.errors")}>{formats.number(found.errors, 0)}</Figure>
              <Figure label={t("server.mean")}>{`${formats.number(found.mean_ms, 1)} ms`}</Figure>
              <Figure label={t("server.memory")}>{`${formats.number(found.memory_bytes / MEGABYTE, 0)} MB`}</Figure>
            </Group>
          )}
        </Asked>
      </Panel>
    </>
  );
}
