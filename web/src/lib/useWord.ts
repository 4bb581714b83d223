import { useTranslation } from "react-i18next";

/** Says a word of the server (`stop loss`, `canceled`) by its text below `family`; a word that has none as it is. */
export function useWord(): (family: string, word: string) => string {
  const { t, i18n } = useTranslation();
  return (family, word) => {
    const key = `${family}.${word.replaceAll(" ", "_")}`;
    return i18n.exists(key) ? t(key) : word;
  };
}
