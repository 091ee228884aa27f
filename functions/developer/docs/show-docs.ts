import { ok, PROBLEMS, type ProblemCode, refuse } from "../../../shared/kernel/problem.ts";
import { HTML, pageFunction } from "../../runtime/page.ts";
import { guidePage } from "./guide-page.tsx";
import { functions } from "./operations.ts";
import { problemPage, refusedPage } from "./problem-page.tsx";
import { STYLE } from "./style.ts";

const page = (body: string) => ok({ body, raw: true, headers: { "Content-Type": HTML } });

/** Made once: it is the same for everybody. */
const guide = guidePage();

/** Shows the API to developers. It reads no table. */
export const handler = pageFunction(
  "show-docs",
  functions.showDocs,
  { inline: { style: STYLE, script: "" }, refused: ({ code }) => refusedPage(code), isPublic: true },
  {
    showGuide: async () => page(guide),
    showProblem: async ({ params: { code } }) =>
      Object.hasOwn(PROBLEMS, code)
        ? page(problemPage(code as ProblemCode))
        : refuse("not_found", "There is no such problem."),
  },
);
