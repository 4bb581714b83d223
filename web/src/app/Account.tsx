import { ActionIcon, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleUserRound, LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { logOutMutation } from "@/api/gen/@tanstack/react-query.gen";
import { forgetBulletin } from "@/lib/bulletin";
import { useCaller } from "@/lib/caller";

/** Who one is, and the way out. */
export function Account() {
  const { t } = useTranslation();
  const { name, role } = useCaller();
  const queries = useQueryClient();
  const logOut = useMutation({
    ...logOutMutation(),
    onSettled: () => {
      forgetBulletin();
      return queries.resetQueries();
    },
  });
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("app.account.of", { name })}>
          <CircleUserRound size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {t(`app.account.role.${role}`)}
        </Menu.Label>
        <Menu.Item leftSection={<LogOut size={16} />} onClick={() => logOut.mutate({})}>
          {t("app.account.logOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
