import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLink } from "@/lib/news";
import { useFormats } from "@/lib/useFormats";

const COLOURS = { live: "var(--up)", connecting: "var(--calm)", stale: "var(--down)" };

/** Whether the server is heard; where it is not, since when. */
export function LinkMark() {
  const { t } = useTranslation();
  const formats = useFormats();
  const link = useLink();
  const time = link.state === "stale" ? formats.instant(link.since) : "";
  const text = t(`app.link.${link.state}`, { time });
  return (
    <Group gap={6} wrap="nowrap" role="status" aria-label={text} title={text} px={4}>
      <svg width="10" height="10" aria-hidden="true">
        {link.state === "live" ? (
          <circle cx="5" cy="5" r="4.5" fill={COLOURS.live} />
        ) : (
          <rect x="1" y="1" width="8" height="8" fill="none" strokeWidth="2" stroke={COLOURS[link.state]} />
        )}
      </svg>
      {link.state === "stale" && (
        <Text size="xs" visibleFrom="md">
          {text}
        </Text>
      )}
    </Group>
  );
}
