import { documentOf } from "./document.ts";
import { guide, type Heading } from "./guide.ts";
import { OurHtml } from "./html.tsx";
import { CALLS, type Call, type Field, OBJECTS } from "./reference.ts";

const { html, headings } = guide();
const tags = [...Map.groupBy(CALLS, ({ tag }) => tag)];

/** Lists what is on the page. It stands beside the text on a desk, and above it, to be opened, on a phone. */
function Contents({ shown }: { shown: readonly Heading[] }) {
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
        <a href="#objects">Objects</a>
      </li>
    </ul>
  );
}

function Fields({ title, fields }: { title: string; fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <>
      <p class="label">{title}</p>
      <dl>
        {fields.map(({ name, type, isRequired, description }) => (
          <div key={name}>
            <dt>
              <code>{name}</code> <span>{type}</span> {isRequired ? <em>required</em> : null}
            </dt>
            {description === "" ? null : <dd>{description}</dd>}
          </div>
        ))}
      </dl>
    </>
  );
}

function CallShown({ id, method, path, summary, description, curl, ...call }: Call) {
  return (
    <section class="call">
      <h4 id={id}>
        <a href={`#${id}`}>
          <b>{method}</b> <code>{path}</code>
        </a>
      </h4>
      <p>{summary}</p>
      {description === "" ? null : <p>{description}</p>}
      <figure class="code">
        <figcaption>curl</figcaption>
        {/* What scrolls must be reachable by the keyboard. */}
        <pre tabIndex={0}>
          <code>{curl}</code>
        </pre>
      </figure>
      <Fields title="Parameters" fields={call.parameters} />
      <Fields title="Body" fields={call.body} />
      <p class="label">Answers</p>
      <ul>
        {call.answers.map(({ status, description }) => (
          <li key={status}>
            <b>{status}</b> {description}
          </li>
        ))}
        <li>
          {"Problems: "}
          {call.problems.map((code) => (
            <span key={code}>
              <a href={`docs/problems/${code}`}>
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
export function guidePage(): string {
  const shown = headings.filter(({ depth }) => depth <= 2 && depth > 0).slice(1);
  return documentOf(
    "Vouchsafe: the API for storefronts",
    <>
      <a class="skip" href="#main">
        Skip to the text
      </a>
      <nav class="side" aria-label="Contents">
        <p class="brand">Vouchsafe</p>
        <Contents shown={shown} />
      </nav>
      <main id="main">
        <details class="top">
          <summary>Contents</summary>
          <Contents shown={shown} />
        </details>
        <OurHtml html={html} />
        <h2 id="reference">Every call</h2>
        <p>
          Made from the <a href="v1/openapi.json">OpenAPI document</a>, which programs may read.
        </p>
        {tags.map(([tag, calls]) => (
          <section key={tag}>
            <h3 id={`calls-${tag}`}>{tag}</h3>
            {calls.map((call) => (
              <CallShown key={call.id} {...call} />
            ))}
          </section>
        ))}
        <h2 id="objects">Objects</h2>
        {OBJECTS.map(({ name, description, fields }) => (
          <section key={name} class="call">
            <h3 id={`object-${name}`}>{name}</h3>
            <p>{description}</p>
            <Fields title="Members" fields={fields} />
          </section>
        ))}
      </main>
    </>,
  );
}
