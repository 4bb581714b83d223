import { Alert } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { Why } from "./Why";

/** Why what was asked for was not done, in the form that asked. */
export function Refusal({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Alert color="orange" variant="light" icon={<TriangleAlert size={18} />} role="alert">
      <Why error={error} />
    </Alert>
  );
}
