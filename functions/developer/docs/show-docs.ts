import { ok, PROBLEMS, type ProblemCode, refuse } from "../../../shared/kernel/problem.ts";
import { languageOf } from "../../buyer/delivery/language.ts";
import type { Language } from "../../buyer/delivery/words.ts";
import { HTML, pageFunction } from "../../runtime/page.ts";
import { guidePage } from "./guide-page.tsx";
import { functions } from "./operations.ts";
import { problemPage, refusedPage } from "./problem-page.tsx";
import { STYLE } from "./style.ts";
import { wordsIn } from "./words.ts";

const page = (language: Language, body: string) =>
  ok({ body, raw: true, headers: { "Content-Type": HTML, "Content-Language": wordsIn(language).htmlLang } });

/** Made once: they are the same for everybody. */
const guides: Record<Language, string> = { en: guidePage("en"), zh: guidePage("zh") };

/** Shows the API to developers. It reads no table. */
export const handler = pageFunction(
  "show-docs",
  functions.showDocs,
  {
    inline: { style: STYLE, script: "" },
    refused: ({ code }, { queryStringParameters, headers }) =>
      refusedPage(code, languageOf({ lang: queryStringParameters?.["lang"], accepts: headers["accept-language"] })),
    isPublic: true,
  },
  {
    showGuide: async ({ query: { lang }, headers }) => {
      const language = languageOf({ lang, accepts: headers["accept-language"] });
      return page(language, guides[language]);
    },
    showProblem: async ({ params: { code }, query: { lang }, headers }) => {
      const language = languageOf({ lang, accepts: headers["accept-language"] });
      return Object.hasOwn(PROBLEMS, code)
        ? page(language, problemPage(code as ProblemCode, language))
        : refuse("not_found", "There is no such problem.");
    },
  },
);
