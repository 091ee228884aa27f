import type { ComponentChildren } from "preact";
import { PROBLEMS, type ProblemCode } from "../../../shared/kernel/problem.ts";
import { problemType } from "../../runtime/problem-answer.ts";
import { documentOf } from "./document.ts";
import { adviceOn } from "./guide.ts";
import { OurHtml } from "./html.tsx";
import { CALLS } from "./reference.ts";

const Frame = ({ guide, children }: { guide: string; children: ComponentChildren }) => (
  <main class="alone">
    <p>
      <a href={guide}>Vouchsafe: the API for storefronts</a>
    </p>
    {children}
  </main>
);

/** Writes the page of a problem: the address that its `type` leads to. */
export function problemPage(code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  const example = { type: problemType(code), title, status, detail: "…", code, requestId: "70d02295-…" };
  const calls = CALLS.filter(({ problems }) => problems.includes(code));
  return documentOf(
    `${code}: ${title}`,
    <Frame guide="../../docs">
      <h1>{title}</h1>
      <p>
        <code>{code}</code>, status <b>{status}</b>
      </p>
      <h2>What you do</h2>
      <OurHtml html={adviceOn(code)} />
      <h2>What it looks like</h2>
      <figure class="code">
        <figcaption>JSON</figcaption>
        {/* What scrolls must be reachable by the keyboard. */}
        <pre tabIndex={0}>
          <code>{JSON.stringify(example, undefined, 2)}</code>
        </pre>
      </figure>
      <h2>Which calls may answer it</h2>
      {calls.length === 0 ? <p>None of a storefront's: operators, suppliers or buyers meet it.</p> : null}
      <ul>
        {calls.map(({ id, method, path }) => (
          <li key={id}>
            <a href={`../../docs#${id}`}>
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
export const refusedPage = (code: ProblemCode): string =>
  documentOf(
    PROBLEMS[code].title,
    <Frame guide="../../docs">
      <h1>{PROBLEMS[code].title}</h1>
      <p>
        {code === "not_found" ? "No problem has this code. The guide lists all of them." : "Try again in a moment."}
      </p>
    </Frame>,
  );
