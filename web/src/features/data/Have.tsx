import { SegmentedControl, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listSeriesQueryKey } from "@/api/gen/@tanstack/react-query.gen";
import { KindJobs } from "@/components/KindJobs";
import { Panel } from "@/components/Panel";
import { FetchForm } from "./FetchForm";
import { FileForm } from "./FileForm";
import { MakeForm } from "./MakeForm";

const WAYS = ["download", "synthetic", "import"] as const;
type Way = (typeof WAYS)[number];
const FORMS = { download: FetchForm, synthetic: MakeForm, import: FileForm };

/** Ways to have a market here: fetched, made up, or out of a file; and how far what was asked for is. */
export function Have({ first }: { first: Way }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [way, setWay] = useState<Way>(first);
  const Form = FORMS[way];
  const readAnew = () => void queries.invalidateQueries({ queryKey: listSeriesQueryKey() });
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
        <KindJobs kind={way} onDone={readAnew} />
      </Stack>
    </Panel>
  );
}
