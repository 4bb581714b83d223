import { ActionIcon, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { Braces, SquareTerminal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type ApiCall, curlOf } from "@/lib/calls";

interface CopyAsProps {
  /** What does the same over the API. */
  api: ApiCall;
  /** What does the same on the command line, where there is a command. */
  cli?: string | null;
}

/** A button that copies what the page would do, as a command or as an API call. */
export function CopyAs({ api, cli }: CopyAsProps) {
  const { t } = useTranslation();
  const clipboard = useClipboard();
  const copy = (text: string, what: string) => {
    clipboard.copy(text);
    notifications.show({ message: t("common.copyAs.done", { what }) });
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={30} title={t("common.copyAs.title")} aria-label={t("common.copyAs.title")}>
          <SquareTerminal size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {cli && (
          <Menu.Item
            leftSection={<SquareTerminal size={15} aria-hidden />}
            onClick={() => copy(cli, t("common.copyAs.cli"))}
          >
            {t("common.copyAs.cli")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Braces size={15} aria-hidden />}
          onClick={() => copy(curlOf(api, window.location.origin), t("common.copyAs.api"))}
        >
          {t("common.copyAs.api")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
