import { Badge, Grid, NavLink, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { JobOut } from "@/api/gen";
import {
  listEvaluationsOptions,
  listEvaluationsQueryKey,
  readEvaluationOptions,
} from "@/api/gen/@tanstack/react-query.gen";
import { Asked } from "@/components/Asked";
import { Empty } from "@/components/Empty";
import { KindJobs } from "@/components/KindJobs";
import { Panel } from "@/components/Panel";
import { ScreenTitle } from "@/components/ScreenTitle";
import { useCaller } from "@/lib/caller";
import { useFormats } from "@/lib/useFormats";
import { Evaluation } from "./Evaluation";
import { momentIn } from "./heat";
import { StartForm } from "./StartForm";

const route = getRouteApi("/evaluation");

/** Strategies side by side on markets and periods, and whether the sample says which is better. */
export function EvaluationScreen() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { may } = useCaller();
  const { id } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const query = useQuery(listEvaluationsOptions());
  const onDone = useCallback(
    async (job: JobOut) => {
      await queries.invalidateQueries({ queryKey: listEvaluationsQueryKey() });
      await navigate({ search: { id: job.id }, replace: true });
    },
    [queries, navigate],
  );
  return (
    <>
      <ScreenTitle title={t("app.screens.evaluation")} note={t("evaluation.note")} />
      <Stack gap="md">
        {may("trader") && <StartForm />}
        <KindJobs kind="evaluation" onDone={onDone} />
        <Asked
          query={query}
          height={320}
          isEmpty={(found) => found.items.length === 0}
          empty={
            <Panel>
              <Empty text={t("evaluation.none")} />
            </Panel>
          }
        >
          {(found) => {
            const chosen = id ?? found.items[0] ?? "";
            return (
              <Grid gap="md">
                <Grid.Col span={{ base: 12, lg: 2 }}>
                  <Panel title={t("evaluation.list")}>
                    {found.items.map((one) => (
                      <NavLink
                        key={one}
                        component={Link}
                        to={`/evaluation?id=${one}`}
                        label={formats.time(momentIn(one))}
                        active={one === chosen}
                        aria-current={one === chosen ? "true" : undefined}
                        py={6}
                      />
                    ))}
                  </Panel>
                </Grid.Col>
                <Grid.Col span={{ base: 12, lg: 10 }}>
                  <Chosen key={chosen} id={chosen} />
                </Grid.Col>
              </Grid>
            );
          }}
        </Asked>
      </Stack>
    </>
  );
}

function Chosen({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    ...readEvaluationOptions({ path: { evaluation_id: id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Asked query={query} height={320}>
      {(found) => (
        <Stack gap="md">
          <Evaluation evaluation={found} />
          {Object.keys(found.skipped).length > 0 && (
            <Panel title={t("evaluation.skipped")}>
              {Object.entries(found.skipped).map(([name, why]) => (
                <Text size="sm" key={name}>
                  <Badge variant="light" color="gray" tt="none" mr={6}>
                    {name}
                  </Badge>
                  <span lang="en">{why}</span>
                </Text>
              ))}
            </Panel>
          )}
        </Stack>
      )}
    </Asked>
  );
}
