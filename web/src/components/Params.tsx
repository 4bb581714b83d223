import { Button, Checkbox, Group, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ParamOut } from "@/api/gen";
import { useServerWords } from "@/lib/serverWords";
import { useStrategyWords } from "@/lib/strategyWords";
import { typed } from "@/lib/typed";

/** Values of parameters that differ from the strategy's own. */
export type Given = Record<string, string | number | boolean>;

interface ParamsProps {
  params: readonly ParamOut[];
  /** What differs from the strategy's own. */
  given: Given;
  onChange: (given: Given) => void;
  /** Beside each other where there is room. */
  cols?: number;
}

/** A field for each parameter of a strategy, with its own value where nothing is said. */
export function Params({ params, given, onChange, cols = 4 }: ParamsProps) {
  const { t } = useTranslation();
  const put = (param: ParamOut, value: string | number | boolean | null) => {
    const { [param.name]: _, ...rest } = given;
    onChange(value === null || value === param.default ? rest : { ...rest, [param.name]: value });
  };
  const changed = Object.keys(given).length;
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: cols }} spacing="sm">
        {params.map((param) => (
          <Param key={param.name} param={param} value={given[param.name]} onChange={(value) => put(param, value)} />
        ))}
      </SimpleGrid>
      {changed > 0 && (
        <Group mt="xs">
          <Button size="compact-xs" variant="default" onClick={() => onChange({})}>
            {t("backtest.resetParams", { count: changed })}
          </Button>
        </Group>
      )}
    </>
  );
}

interface ParamProps {
  param: ParamOut;
  value: string | number | boolean | undefined;
  onChange: (value: string | number | boolean | null) => void;
}

function Param({ param, value, onChange }: ParamProps) {
  const { t } = useTranslation();
  const { allowedOf } = useServerWords();
  const { meaningOf } = useStrategyWords();
  const { text, lang } = meaningOf(param.doc);
  const description = <span lang={lang}>{text}</span>;
  const label = value === undefined ? param.name : `${param.name} •`;
  if (param.type === "bool") {
    return (
      <Checkbox
        label={label}
        description={description}
        checked={Boolean(value ?? param.default)}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (param.choices.length > 0) {
    return (
      <NativeSelect
        label={label}
        description={description}
        data={param.choices}
        value={String(value ?? param.default)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const isText = param.type === "str";
  return (
    <TextInput
      label={label}
      description={description}
      inputMode={isText ? "text" : "decimal"}
      placeholder={String(param.default)}
      value={value === undefined ? "" : String(value)}
      error={isAllowed(param, value) ? null : t("backtest.allowed", { allowed: allowedOf(param.allowed) })}
      onChange={(event) => onChange(isText ? event.currentTarget.value || null : numberIn(event.currentTarget.value))}
    />
  );
}

/** What is typed, as a number; as it is where it is none yet. */
function numberIn(text: string): number | string | null {
  if (text.trim() === "") return null;
  return /[.,]$/.test(text) ? text : (typed(text) ?? text);
}

/** True where a parameter may be this. */
export function isAllowed(param: ParamOut, value: string | number | boolean | undefined): boolean {
  if (value === undefined || param.type === "str" || param.type === "bool") return true;
  if (typeof value !== "number") return false;
  if (param.type === "int" && !Number.isInteger(value)) return false;
  return value >= (param.low ?? -Infinity) && value <= (param.high ?? Infinity);
}
