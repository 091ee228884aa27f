import type { Language } from "../../buyer/delivery/words.ts";
import { documentOf } from "./document.ts";
import { guide, type Heading } from "./guide.ts";
import { OurHtml } from "./html.tsx";
import { OtherLanguage } from "./other-language.tsx";
import { CALLS, type Call, type Field, OBJECTS } from "./reference.ts";
import { type Words, wordsIn } from "./words.ts";

const tags = [...Map.groupBy(CALLS, ({ tag }) => tag)];

/** Lists what is on the page. It stands beside the text on a desk, and above it, to be opened, on a phone. */
function Contents({ shown, words }: { shown: readonly Heading[]; words: Words }) {
  return (
    <ul>
      {shown.map(({ id, text }) => (
        <li key={id}>
          <a href={`#${id}`}>{text}</a>
        </li>
      ))}
      {tags.map(([tag, calls]) => (
        <li key={tag}>
          <a href={`#calls-${tag}`}>{tag}</a>
          <ul>
            {calls.map(({ id, method, path }) => (
              <li key={id}>
                <a href={`#${id}`}>
                  <code>
                    <b>{method}</b> {path}
                  </code>
                </a>
              </li>
            ))}
          </ul>
        </li>
      ))}
      <li>
        <a href="#objects">{words.objects}</a>
      </li>
    </ul>
  );
}

function Fields({ title, fields, words }: { title: string; fields: readonly Field[]; words: Words }) {
  if (fields.length === 0) return null;
  return (
    <>
      <p class="label">{title}</p>
      <dl>
        {fields.map(({ name, type, isRequired, description }) => (
          <div key={name}>
            <dt>
              <code>{name}</code> <span>{type}</span> {isRequired ? <em>{words.required}</em> : null}
            </dt>
            {description === "" ? null : <dd lang="en">{description}</dd>}
          </div>
        ))}
      </dl>
    </>
  );
}

function CallShown({ call, language }: { call: Call; language: Language }) {
  const { id, method, path, summary, description, curl } = call;
  const words = wordsIn(language);
  return (
    <section class="call">
      <h4 id={id}>
        <a href={`#${id}`}>
          <b>{method}</b> <code>{path}</code>
        </a>
      </h4>
      <p lang="en">{summary}</p>
      {description === "" ? null : <p lang="en">{description}</p>}
      <figure class="code">
        <figcaption>curl</figcaption>
        {/* What scrolls must be reachable by the keyboard. */}
        <pre tabIndex={0}>
          <code>{curl}</code>
        </pre>
      </figure>
      <Fields title={words.parameters} fields={call.parameters} words={words} />
      <Fields title={words.body} fields={call.body} words={words} />
      <p class="label">{words.answers}</p>
      <ul>
        {call.answers.map(({ status, description }) => (
          <li key={status}>
            <b>{status}</b> <span lang="en">{description}</span>
          </li>
        ))}
        <li>
          {words.problems}
          {call.problems.map((code) => (
            <span key={code}>
              <a href={`docs/problems/${code}?lang=${language}`}>
                <code>{code}</code>
              </a>{" "}
            </span>
          ))}
        </li>
      </ul>
    </section>
  );
}

/** Writes the page about the whole API: the guide, and every call. */
export function guidePage(language: Language): string {
  const words = wordsIn(language);
  const { html, headings } = guide(language);
  const shown = headings.filter(({ depth }) => depth <= 2 && depth > 0).slice(1);
  return documentOf(
    words.htmlLang,
    words.title,
    <>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <nav class="side" aria-label={words.contents}>
        <p class="brand">Vouchsafe</p>
        <Contents shown={shown} words={words} />
      </nav>
      <main id="main">
        <OtherLanguage language={language} />
        <details class="top">
          <summary>{words.contents}</summary>
          <Contents shown={shown} words={words} />
        </details>
        <OurHtml html={html} />
        <h2 id="reference">{words.calls}</h2>
        <p>
          {words.madeFrom} <a href="v1/openapi.json">{words.document}</a>
          {words.forPrograms}
        </p>
        {tags.map(([tag, calls]) => (
          <section key={tag}>
            <h3 id={`calls-${tag}`}>{tag}</h3>
            {calls.map((call) => (
              <CallShown key={call.id} call={call} language={language} />
            ))}
          </section>
        ))}
        <h2 id="objects">{words.objects}</h2>
        {OBJECTS.map(({ name, description, fields }) => (
          <section key={name} class="call">
            <h3 id={`object-${name}`}>{name}</h3>
            <p lang="en">{description}</p>
            <Fields title={words.members} fields={fields} words={words} />
          </section>
        ))}
      </main>
    </>,
  );
}
