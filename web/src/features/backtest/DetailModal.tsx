import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Maximize2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { readBacktestOptions } from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Figures } from "./Figures";
import { Headline } from "./Headline";
import { Warnings } from "./Warnings";

/** Detailed statistics of one result; nothing is asked for before it is opened. */
export function DetailModal({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={id !== null} onClose={onClose} size={1080} title={t("backtest.details")}>
      {id && <Details id={id} />}
    </Modal>
  );
}

function Details({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery(readBacktestOptions({ path: { backtest_id: id } }));
  return (
    <Asked query={query} height={360}>
      {(result) => (
        <Stack>
          <Group justify="space-between" align="flex-start">
            <div>
              <Text fw={600}>
                {result.strategy} · {result.symbol} · {result.timeframe}
              </Text>
              <Text size="xs" c="dimmed">
                {result.id}
              </Text>
            </div>
            <Button
              variant="light"
              component={Link}
              to="/backtest/$id"
              params={{ id } as never}
              leftSection={<Maximize2 size={15} aria-hidden />}
            >
              {t("backtest.open")}
            </Button>
          </Group>
          <Headline result={result} />
          <Warnings warnings={result.warnings} />
          <Figures metrics={result.metrics} />
        </Stack>
      )}
    </Asked>
  );
}
