import { SegmentedControl, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobOut } from "@/api/gen";
import { listSeriesQueryKey } from "@/api/gen/@tanstack/react-query.gen";
import { KindJobs } from "@/components/KindJobs";
import { Panel } from "@/components/Panel";
import { FetchForm } from "./FetchForm";
import { FileForm } from "./FileForm";
import { MakeForm } from "./MakeForm";
import { Taken } from "./Taken";

const WAYS = ["download", "synthetic", "import"] as const;
type Way = (typeof WAYS)[number];
const FORMS = { download: FetchForm, synthetic: MakeForm, import: FileForm };

/** Ways to have a market here: fetched, made up, or out of a file; and how far what was asked for is. */
export function Have({ first, onHad }: { first: Way; onHad: (job: JobOut) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [way, setWay] = useState<Way>(first);
  const Form = FORMS[way];
  const onDone = (job: JobOut) => {
    void queries.invalidateQueries({ queryKey: listSeriesQueryKey() });
    onHad(job);
  };
  return (
    <Panel title={t("data.have")}>
      <Stack>
        <SegmentedControl
          aria-label={t("data.have")}
          data={WAYS.map((value) => ({ value, label: t(`data.way.${value}`) }))}
          value={way}
          onChange={(value) => setWay(value as Way)}
          style={{ alignSelf: "flex-start" }}
        />
        <Form onBegun={() => void queries.invalidateQueries()} />
        <KindJobs kind={way} onDone={onDone} />
        {way === "import" && <Taken />}
      </Stack>
    </Panel>
  );
}
