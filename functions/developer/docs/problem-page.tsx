import type { ComponentChildren } from "preact";
import { PROBLEMS, type ProblemCode } from "../../../shared/kernel/problem.ts";
import type { Language } from "../../buyer/delivery/words.ts";
import { problemType } from "../../runtime/problem-answer.ts";
import { documentOf } from "./document.ts";
import { adviceOn } from "./guide.ts";
import { OurHtml } from "./html.tsx";
import { OtherLanguage } from "./other-language.tsx";
import { CALLS } from "./reference.ts";
import { wordsIn } from "./words.ts";

const Frame = ({ language, children }: { language: Language; children: ComponentChildren }) => (
  <main class="alone">
    <OtherLanguage language={language} />
    <p>
      <a href={`../../docs?lang=${language}`}>{wordsIn(language).title}</a>
    </p>
    {children}
  </main>
);

/** Writes the page of a problem: the address that its `type` leads to. */
export function problemPage(code: ProblemCode, language: Language): string {
  const words = wordsIn(language);
  const { status, title } = PROBLEMS[code];
  const told = adviceOn(code, language);
  const example = { type: problemType(code), title, status, detail: "…", code, requestId: "70d02295-…" };
  const calls = CALLS.filter(({ problems }) => problems.includes(code));
  return documentOf(
    words.htmlLang,
    `${code}: ${told.title}`,
    <Frame language={language}>
      <h1>{told.title}</h1>
      <p>
        <code>{code}</code>, {words.status} <b>{status}</b>
      </p>
      <h2>{words.advice}</h2>
      <OurHtml html={told.advice} />
      <h2>{words.example}</h2>
      <figure class="code">
        <figcaption>JSON</figcaption>
        {/* What scrolls must be reachable by the keyboard. */}
        <pre tabIndex={0}>
          <code>{JSON.stringify(example, undefined, 2)}</code>
        </pre>
      </figure>
      <h2>{words.mayAnswer}</h2>
      {calls.length === 0 ? <p>{words.noCall}</p> : null}
      <ul>
        {calls.map(({ id, method, path }) => (
          <li key={id}>
            <a href={`../../docs?lang=${language}#${id}`}>
              <code>
                <b>{method}</b> {path}
              </code>
            </a>
          </li>
        ))}
      </ul>
    </Frame>,
  );
}

/** Writes the page that says why there is no other. It says nothing of what was asked for. */
export function refusedPage(code: ProblemCode, language: Language): string {
  const words = wordsIn(language);
  const { title } = adviceOn(code, language);
  return documentOf(
    words.htmlLang,
    title,
    <Frame language={language}>
      <h1>{title}</h1>
      <p>{code === "not_found" ? words.noProblem : words.again}</p>
    </Frame>,
  );
}
