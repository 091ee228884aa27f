import type { Language } from "../../buyer/delivery/words.ts";
import { OTHER, wordsIn } from "./words.ts";

/** Leads to the same page in the other language. */
export function OtherLanguage({ language }: { language: Language }) {
  const other = OTHER[language];
  const { htmlLang } = wordsIn(other.language);
  return (
    <p>
      <a href={`?lang=${other.language}`} lang={htmlLang} hreflang={htmlLang}>
        {other.name}
      </a>
    </p>
  );
}
