import type { Words } from "./words.ts";

type Field = { id: string; label: string; text: string; words: Words };

const WIDE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/g;

/** How many columns of a fixed-width font a text takes: characters of East Asia are two wide. */
const columnsOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

/** The class that makes a code as large as it may be and still stay on one line of a phone; very long ones wrap, or scroll. */
function sizeOf(text: string): string {
  const columns = columnsOf(text);
  const [, size = "longest"] = SIZES.find(([most]) => columns <= most) ?? [];
  return size;
}
const SIZES = [
  [12, "s"],
  [16, "m"],
  [19, "l"],
  [28, "xl"],
  [160, "long"],
] as const;

/** A code, or its number, with its button. What is too long for a screen can be scrolled, also by keyboard. */
export function Field({ id, label, text, words }: Field) {
  const size = sizeOf(text);
  return (
    <div class={`field ${size}`}>
      <span class="label" id={`${id}l`}>
        {label}
      </span>
      <code class="code" id={id} dir="auto" translate={false} {...(size === "longest" ? { tabIndex: 0 } : {})}>
        {text}
      </code>
      <div class="row">
        <button
          type="button"
          data-copy={id}
          data-done={words.copied}
          data-failed={words.copyFailed}
          aria-describedby={`${id}l`}
          hidden
        >
          {words.copy}
        </button>
      </div>
    </div>
  );
}
