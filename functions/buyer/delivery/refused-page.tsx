import type { ProblemCode, Refusal } from "../../../shared/kernel/problem.ts";
import { documentOf } from "./document.ts";
import { Frame } from "./frame.tsx";
import { type Language, type Words, wordsIn } from "./words.ts";

type Reason = keyof Words["refused"];

/** What has no words of its own went wrong on our side, or is no link. */
function reasonOf(code: ProblemCode, reasons: Words["refused"]): Reason {
  if (Object.hasOwn(reasons, code)) return code as Reason;
  return ["internal", "busy", "sales_closed"].includes(code) ? "failed" : "not_found";
}

/** Writes the page that says why there is no other. `find`: where an order is looked for. Of a link that opens nothing it is always the same, byte by byte. */
export function refusedPage(
  { code }: Pick<Refusal, "code">,
  language: Language,
  { requestId, find }: { requestId: string; find: string },
): string {
  const words = wordsIn(language);
  const reason = reasonOf(code, words.refused);
  const { title, text, help } = words.refused[reason];
  return documentOf(
    language,
    title,
    <Frame language={language}>
      <section class="card">
        <h1>{title}</h1>
        <p>{text}</p>
        <p>{help}</p>
        {reason === "not_found" ? (
          <div class="row">
            <a class="button" href={`${find}?lang=${language}`}>
              {words.find}
            </a>
          </div>
        ) : null}
        {reason === "failed" ? (
          <p class="small">
            {words.requestNumber}: {requestId}
          </p>
        ) : null}
      </section>
    </Frame>,
  );
}
