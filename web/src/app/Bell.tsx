import { ActionIcon, Indicator, Popover, ScrollArea, Stack, Text } from "@mantine/core";
import { Bell as BellIcon } from "lucide-react";
import { memo, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { markRead, type Notice as NoticeOf, useBulletin } from "@/lib/bulletin";
import { useFormats } from "@/lib/useFormats";
import { type Named, useJobTitle } from "@/lib/useJobTitle";
import { useNow } from "@/lib/useNow";
import { useWord } from "@/lib/useWord";
import { router } from "./router";

/** What happened while somebody looked elsewhere, with how much of it is new. */
export function Bell() {
  const { t } = useTranslation();
  const now = useNow(10_000);
  const [isShown, setShown] = useState(false);
  const { notices, unread } = useBulletin();
  const label = t("news.unread", { count: unread });
  const show = (wanted: boolean) => {
    setShown(wanted);
    if (wanted) markRead();
  };
  const go = useCallback((path: string) => {
    setShown(false);
    void router.navigate({ href: path });
  }, []);
  return (
    <Popover opened={isShown} onChange={show} position="bottom-end" withArrow trapFocus width="min(400px, 94vw)">
      <Indicator label={unread} size={16} disabled={unread === 0} offset={6} color="orange">
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            title={label}
            aria-label={label}
            onClick={() => show(!isShown)}
          >
            <BellIcon size={18} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={t("news.title")}>
        <Text fw={600} size="sm" mb="xs">
          {t("news.title")}
        </Text>
        <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0 }}>
          {notices.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t("news.none")}
            </Text>
          ) : (
            <Stack gap={10} component="ol" className="rows">
              {notices.map((one) => (
                <Notice key={`${one.id} ${one.at}`} one={one} now={now} onGo={go} />
              ))}
            </Stack>
          )}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}

interface NoticeProps {
  one: NoticeOf;
  now: number;
  onGo: (path: string) => void;
}

/** One of them. There may be many, and a new one comes many times a second: the others stay as they are. */
const Notice = memo(function Notice({ one, now, onGo }: NoticeProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const word = useWord();
  const titleOf = useJobTitle();
  const { side = "", quantity, price, ...rest } = one.values;
  const said = {
    ...rest,
    title: titleOf(rest as Named),
    side: word("common.side", side),
    quantity: formats.number(quantity, 8),
    price: formats.price(price),
  };
  return (
    <li>
      <button type="button" className="notice" onClick={() => onGo(one.path)}>
        {t(`news.${one.text}`, said)}
        <span className="ago" title={formats.instant(one.at)}>
          {formats.ago(one.at, now)}
        </span>
      </button>
    </li>
  );
});
