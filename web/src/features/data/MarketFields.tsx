import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FRAMES } from "@/lib/frames";

interface MarketFieldsProps {
  given: { symbol: string; timeframe: string };
  onPut: (change: { symbol?: string; timeframe?: string }) => void;
}

/** Which market, and the length of its bars. */
export function MarketFields({ given, onPut }: MarketFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t("data.symbol")}
        placeholder="BTC/USDT:USDT"
        required
        w={190}
        value={given.symbol}
        onChange={(event) => onPut({ symbol: event.currentTarget.value })}
      />
      <NativeSelect
        label={t("data.timeframe")}
        data={FRAMES}
        w={90}
        value={given.timeframe}
        onChange={(event) => onPut({ timeframe: event.currentTarget.value })}
      />
    </>
  );
}
