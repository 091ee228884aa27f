import { type Language, wordsIn } from "./words.ts";

/** Writes a moment for people, in a zone that is named beside it. */
export function timeIn(language: Language, zone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat(wordsIn(language).htmlLang, {
    timeZone: zone,
    year: "numeric",
    month: language === "zh" ? "long" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  });
  return (at) => format.format(new Date(at));
}
