import { LANGUAGES, type Language } from "./words.ts";

type Asked = { lang?: string | undefined; accepts?: string | undefined };

/**
 * Gives the language of a page: what its address says, else the first language that the browser's person prefers and that we speak
 * (RFC 9110, 12.5.4), else English.
 */
export function languageOf({ lang, accepts = "" }: Asked): Language {
  const known = (tag: string): Language | undefined =>
    LANGUAGES.find((language) => tag.trim().toLowerCase().split("-")[0] === language);
  const said = lang === undefined ? undefined : known(lang);
  if (said !== undefined) return said;
  const preferred = accepts
    .split(",", 20)
    .map((part) => {
      const [tag = "", ...parameters] = part.split(";");
      const weight = parameters
        .find((parameter) => parameter.trim().startsWith("q="))
        ?.trim()
        .slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return preferred.map(({ tag }) => known(tag)).find((one) => one !== undefined) ?? "en";
}
