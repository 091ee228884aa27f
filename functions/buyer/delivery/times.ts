import { type Language, wordsIn } from "./words.ts";

/** Writes a moment for people, in a zone that is named behind it. */
export function timeIn(language: Language, zone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat(wordsIn(language).htmlLang, {
    timeZone: zone,
    year: "numeric",
    month: language === "zh" ? "long" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  // In a Chinese date the name of the zone would stand before the hour.
  const named = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" });
  return (at) => {
    const moment = new Date(at);
    const name = named.formatToParts(moment).find(({ type }) => type === "timeZoneName")?.value ?? zone;
    return `${format.format(moment)}${wordsIn(language).zone(name)}`;
  };
}
