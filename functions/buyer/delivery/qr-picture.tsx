import { qrOf } from "./qr.ts";
import type { Words } from "./words.ts";

/** A code as a picture for another device; or the sentence that it is too long for one. */
export function Qr({ text, words }: { text: string; words: Words }) {
  const qr = qrOf(text);
  if (qr === undefined) return <p class="small">{words.qrTooLong}</p>;
  return (
    <div class="qr">
      <svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={words.qr}>
        <path d={qr.path} stroke="#000" />
      </svg>
      <span class="small" aria-hidden="true">
        {words.qr}
      </span>
    </div>
  );
}
