import { Alert } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/lib/problemText";

/** Why what was asked for was not done, in the form that asked. */
export function Refusal({ error }: { error: unknown }) {
  const { i18n } = useTranslation();
  if (!error) return null;
  return (
    <Alert color="orange" variant="light" icon={<TriangleAlert size={18} />} role="alert">
      {problemText(i18n, error)}
    </Alert>
  );
}
