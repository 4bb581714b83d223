import { Kbd, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Every key and what it does; `goals` are the screens that a letter after `g` goes to. */
export function KeyMap({ goals }: { goals: readonly { name: string; key: string }[] }) {
  const { t } = useTranslation();
  const rows: [keys: string[], meaning: string][] = [
    [["Ctrl", "K"], t("app.keys.palette")],
    [["?"], t("app.keys.help")],
    [["/"], t("app.keys.search")],
    [["←", "→"], t("app.keys.walk")],
    [["+", "-"], t("app.keys.zoom")],
    ...goals.map((goal): [string[], string] => [["g", goal.key], t(`app.screens.${goal.name}`)]),
  ];
  return (
    <Table fz="sm">
      <Table.Tbody>
        {rows.map(([keys, meaning]) => (
          <Table.Tr key={meaning}>
            <Table.Td>
              {keys.map((key) => (
                <Kbd key={key} mr={4}>
                  {key}
                </Kbd>
              ))}
            </Table.Td>
            <Table.Td>{meaning}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
