import { documentOf } from "../delivery/document.ts";
import { Frame } from "../delivery/frame.tsx";
import type { Language } from "../delivery/words.ts";
import { FIND_WORDS } from "./words.ts";

/** A field of the form by which an order is found. */
export type Asked = "reference" | "contact";

/** What was typed, and which of it can't be looked for. */
export type Typed = { values: Readonly<Record<Asked, string>>; wrong: readonly Asked[] };

const FIELDS = [
  ["reference", { autoComplete: "off", maxLength: 100 }],
  ["contact", { autoComplete: "email", maxLength: 254 }],
] as const;

/** Writes the page with the form. What can't be looked for is named above it and beside its field; what was typed stays. */
export function searchPage(language: Language, { values, wrong }: Typed): string {
  const words = FIND_WORDS[language];
  const title = wrong.length === 0 ? words.title : `${words.wrong} · ${words.title}`;
  return documentOf(
    language,
    title,
    <Frame language={language}>
      <section class="card">
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
        {wrong.length === 0 ? null : (
          <div class="wrong" role="alert">
            <h2>{words.wrong}</h2>
            {wrong.map((field) => (
              <p key={field}>
                <a href={`#${field}`}>{words.missing[field]}</a>
              </p>
            ))}
          </div>
        )}
        <form method="post" action={`find?lang=${language}`} noValidate>
          {FIELDS.map(([field, attributes]) => (
            <p key={field} class="asked">
              <label for={field}>{words[field]}</label>
              <span class="small" id={`${field}-hint`}>
                {words[`${field}Hint`]}
              </span>
              <input
                id={field}
                name={field}
                type="text"
                value={values[field]}
                {...attributes}
                autoCapitalize="none"
                spellcheck={false}
                required
                aria-invalid={wrong.includes(field)}
                aria-describedby={`${field}-hint`}
              />
            </p>
          ))}
          <p>
            <button class="main" type="submit">
              {words.send}
            </button>
          </p>
        </form>
      </section>
    </Frame>,
  );
}

/** Writes the page that follows a search. It is the same whatever was looked for, byte by byte. */
export function searchedPage(language: Language): string {
  const { sent, again } = FIND_WORDS[language];
  return documentOf(
    language,
    sent.title,
    <Frame language={language}>
      <section class="card">
        <h1>{sent.title}</h1>
        <p>{sent.text}</p>
        <p>{sent.help}</p>
        <div class="row">
          <a class="button" href={`find?lang=${language}`}>
            {again}
          </a>
        </div>
      </section>
    </Frame>,
  );
}

/** Writes the page of a one-time link. It says nothing of the link, so programs that look at every link may open it. */
export function oncePage(language: Language, token: string): string {
  const { once } = FIND_WORDS[language];
  return documentOf(
    language,
    once.title,
    <Frame language={language}>
      <section class="card">
        <h1>{once.title}</h1>
        <p>{once.text}</p>
        <form class="reveal" method="post" action={`${encodeURIComponent(token)}?lang=${language}`}>
          <button class="main" type="submit">
            {once.open}
          </button>
        </form>
      </section>
    </Frame>,
  );
}
