import type { ComponentChildren } from "preact";
import { LANGUAGES, type Language, wordsIn } from "./words.ts";

type Frame = { language: Language; seller?: string | undefined; children: ComponentChildren };

/** The first letter of a name, as people count letters. */
const initialOf = (name: string): string =>
  [...new Intl.Segmenter().segment(name.trim())][0]?.segment.toUpperCase() ?? "";

/** What all pages have in common: who sells, and the other language. */
export function Frame({ language, seller, children }: Frame) {
  const words = wordsIn(language);
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  return (
    <div class="column">
      <header class="top">
        {seller === undefined ? null : (
          <span class="mark" aria-hidden="true">
            {initialOf(seller)}
          </span>
        )}
        <div class="seller">
          {seller === undefined ? null : (
            <>
              <span>{words.soldBy}</span>
              <b dir="auto">{seller}</b>
            </>
          )}
        </div>
        <a class="small" href={`?lang=${other}`} lang={wordsIn(other).htmlLang} hreflang={wordsIn(other).htmlLang}>
          {words.otherLanguage}
        </a>
      </header>
      <main>{children}</main>
      <div id="live" class="live" role="status" />
    </div>
  );
}
