import { useProblemText } from "@/lib/useProblemText";

/** Why something was refused, in words, where there is room for nothing else. */
export function Why({ error }: { error: unknown }) {
  return useProblemText()(error);
}
