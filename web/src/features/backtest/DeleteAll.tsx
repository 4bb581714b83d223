import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { TypedConfirm } from "@/components/TypedConfirm";
import { useDeleting } from "./useDeleting";

/** Deletes every result, once the words have been typed. */
export function DeleteAll({ count }: { count: number }) {
  const { t } = useTranslation();
  const [isOpen, dialog] = useDisclosure(false);
  const { deleteAll, isBusy } = useDeleting();
  const confirm = () => {
    dialog.close();
    deleteAll();
  };
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Trash2 size={14} aria-hidden />}
        loading={isBusy}
        onClick={dialog.open}
      >
        {t("backtest.deleteAll")}
      </Button>
      <TypedConfirm
        isOpen={isOpen}
        onClose={dialog.close}
        title={t("backtest.deleteAll")}
        phrase={t("backtest.deletePhrase")}
        verb={t("backtest.deleteAll")}
        onConfirm={confirm}
      >
        {t("backtest.deleteAllText", { count })}
      </TypedConfirm>
    </>
  );
}
