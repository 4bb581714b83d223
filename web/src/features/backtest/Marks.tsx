import { ActionIcon, Button, Group, Stack, TagsInput, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MarkOut } from "@/api/gen";
import {
  listBacktestsQueryKey,
  markBacktestMutation,
  readBacktestMarkOptions,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Refusal } from "@/components/Refusal";
import { useCaller } from "@/lib/caller";

/** Puts tags, a note or a star on results; lists that show them are read anew. */
export function useMark(id: string) {
  const queries = useQueryClient();
  return useMutation({
    ...markBacktestMutation(),
    meta: { isShownInPlace: true },
    // Until they are read, what was asked for is shown, not what was before.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: readBacktestMarkOptions({ path: { backtest_id: id } }).queryKey }),
        queries.invalidateQueries({ queryKey: listBacktestsQueryKey() }),
      ]),
  });
}

/** A star that is on or off. */
export function StarButton({ id, isOn }: { id: string; isOn: boolean }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const mark = useMark(id);
  const shown = mark.isPending ? (mark.variables.body.starred ?? isOn) : isOn;
  return (
    <ActionIcon
      variant="subtle"
      color={shown ? "yellow" : "gray"}
      aria-pressed={shown}
      aria-label={t("marks.star", { id })}
      disabled={!may("trader")}
      onClick={(event) => {
        event.stopPropagation();
        mark.mutate({ path: { backtest_id: id }, body: { starred: !shown } });
      }}
    >
      <Star size={16} fill={shown ? "currentColor" : "none"} />
    </ActionIcon>
  );
}

/** Tags and note of a result, to be changed in place. */
export function Marks({ id }: { id: string }) {
  const query = useQuery(readBacktestMarkOptions({ path: { backtest_id: id } }));
  return (
    <Asked query={query} height={96}>
      {(mark) => <Fields id={id} mark={mark} />}
    </Asked>
  );
}

function Fields({ id, mark }: { id: string; mark: MarkOut }) {
  const { t } = useTranslation();
  const { may } = useCaller();
  const change = useMark(id);
  // What is being written stays while a star or a tag is put beside it.
  const [written, setWritten] = useState<string | null>(null);
  const note = written ?? mark.note;
  const isChanged = note !== mark.note;
  const tags = (change.isPending && change.variables.body.tags) || mark.tags;
  if (!may("trader"))
    return <Text size="sm">{[mark.tags.join(", "), mark.note].filter(Boolean).join(" · ") || "–"}</Text>;
  const path = { backtest_id: id };
  return (
    <Stack gap="xs">
      <Group gap="md" align="flex-start" grow preventGrowOverflow={false}>
        <TagsInput
          label={t("marks.tags")}
          placeholder={t("marks.addTag")}
          value={tags}
          maxTags={20}
          clearable={false}
          onChange={(wanted) => change.mutate({ path, body: { tags: wanted } })}
          miw={200}
        />
        <Textarea
          label={t("marks.note")}
          placeholder={t("marks.notePlace")}
          value={note}
          autosize
          minRows={1}
          maxRows={8}
          onChange={(event) => setWritten(event.currentTarget.value)}
          miw={240}
        />
      </Group>
      {isChanged && (
        <Group justify="flex-end">
          <Button size="compact-sm" variant="default" onClick={() => setWritten(null)}>
            {t("common.cancel")}
          </Button>
          <Button size="compact-sm" loading={change.isPending} onClick={() => change.mutate({ path, body: { note } })}>
            {t("common.save")}
          </Button>
        </Group>
      )}
      <Refusal error={change.error} />
    </Stack>
  );
}
