import { Button, Menu } from "@mantine/core";
import { Download, FileText } from "lucide-react";
import { useTranslation } from "react-i18next";

/** The result as files, and as one page that needs nothing else. */
export function Exports({ id }: { id: string }) {
  const { t } = useTranslation();
  const address = `/api/v1/backtests/${encodeURIComponent(id)}`;
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button variant="default" leftSection={<Download size={15} aria-hidden />}>
          {t("exports.title")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`${address}/export?format=csv`} download leftSection={<Download size={15} />}>
          {t("exports.csv")}
        </Menu.Item>
        <Menu.Item component="a" href={`${address}/export?format=json`} download leftSection={<Download size={15} />}>
          {t("exports.json")}
        </Menu.Item>
        <Menu.Item component="a" href={`${address}/report`} target="_blank" leftSection={<FileText size={15} />}>
          {t("exports.report")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
