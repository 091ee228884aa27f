import type { Redemption } from "../../../shared/catalog/model.ts";
import type { Code } from "../../../shared/inventory/code.ts";
import type { Words } from "./words.ts";

/** A link as it may be opened. Undefined: it is no address of the web. */
function webAddress(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

type UseIt = { redemption: Redemption | undefined; code: Code; index: number; words: Words; isLink: boolean };

/** One tap copies the code and opens where it is redeemed. Without script it opens that. */
export function UseIt({ redemption, code, index, words, isLink }: UseIt) {
  const link = isLink ? webAddress(code.secret) : undefined;
  if (link !== undefined)
    return (
      <div class="row">
        <a class="button main" href={link.href} target="_blank" rel="noopener noreferrer">
          {words.open(link.host)}
        </a>
      </div>
    );
  if (redemption?.url === undefined) return null;
  const address = new URL(redemption.url);
  if (redemption.codeInUrl !== undefined) address.searchParams.set(redemption.codeInUrl, code.secret);
  return (
    <div class="row">
      <a
        class="button main"
        href={address.href}
        target="_blank"
        rel="noopener noreferrer"
        data-copy={`c${index}`}
        data-done={words.copied}
        data-failed={words.copyFailed}
      >
        {words.copyAndOpen(address.host)}
      </a>
    </div>
  );
}
