import { moneyText } from "../ops/money.ts";

/** A product, as far as the shop shows it. */
export type Listed = {
  id: string;
  kind: string;
  name: string;
  retailPrice: { amount: number; currency: string };
  availability: "in_stock" | "low" | "sold_out";
};

/** A page of products, and the cursor of the next one. */
export type ListedPage = { data: Listed[]; nextCursor: string | null };

const escaped = (told: string): string => told.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const STYLE = `:root{color-scheme:light dark;--paper:light-dark(#f4f5f7,#101418);--card:light-dark(#fff,#1a2027);--ink:light-dark(#14202b,#e8edf2);--soft:light-dark(#51606e,#a3b1be);--rule:light-dark(#d8dee4,#303a45);--edge:light-dark(#76838f,#7b8997);--accent:light-dark(#0b5f6b,#6fd3df);--on:light-dark(#fff,#062a30)}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main,header{max-width:60rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:1rem 0 0}h2{font-size:1.125rem;margin:0}p{margin:.25rem 0 0}.soft{color:var(--soft)}
ul{list-style:none;padding:0;display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
li{background:var(--card);border:1px solid var(--rule);border-radius:1rem;padding:1.25rem;display:flex;flex-direction:column}
.price{font-size:1.5rem;font-weight:700}form{margin-top:auto;padding-top:.75rem;display:grid;gap:.625rem}label{display:grid;gap:.25rem;font-size:.875rem;color:var(--soft)}
input{font:inherit;padding:.5rem .75rem;min-height:2.75rem;border:1px solid var(--edge);border-radius:.625rem;background:var(--paper);color:var(--ink)}
button{font:inherit;font-weight:600;min-height:2.75rem;border:0;border-radius:.625rem;background:var(--accent);color:var(--on);cursor:pointer}button:disabled{background:var(--rule);color:var(--soft);cursor:default}a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}`;

const document = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><header class="soft">Sample shop: the payment provider is simulated, and no money moves.</header><main>${content}</main></body></html>`;

const AVAILABLE = { in_stock: "In stock", low: "Only a few left", sold_out: "Sold out" } as const;

/** Writes a page of products. `key`: the same for each click on one page, so that two of them buy one thing. */
export function shopPage({ data: products, nextCursor }: ListedPage, key: string): string {
  const cards = products.map(({ id, kind, name, retailPrice, availability }) => {
    const isGone = availability === "sold_out";
    const account =
      kind === "topup" ? `<label>Account to top up<input name="account" required maxlength="100"></label>` : "";
    return `<li><h2 dir="auto">${escaped(name)}</h2><p class="price">${escaped(moneyText(retailPrice))}</p><p class="soft">${AVAILABLE[availability]}</p><form method="post" action="/buy"><input type="hidden" name="key" value="${escaped(`${key} ${id}`)}"><input type="hidden" name="product" value="${escaped(id)}">${account}<label>E-mail, if you want to be written to<input name="email" type="email" autocomplete="email" maxlength="254"></label><button${isGone ? " disabled" : ""}>${isGone ? "Sold out" : "Buy"}</button></form></li>`;
  });
  const list = cards.length === 0 ? "<p>Nothing is for sale yet.</p>" : `<ul>${cards.join("")}</ul>`;
  const more =
    nextCursor === null ? "" : `<p><a href="/?after=${encodeURIComponent(nextCursor)}">More products</a></p>`;
  return document(
    "Sample shop",
    `<h1>What we sell</h1><p class="soft">You pay first, and see it a moment later.</p>${list}${more}`,
  );
}

/** Writes the page of an order that nobody need pay for. */
export const orderedPage = (id: string, deliveryUrl: string): string =>
  document(
    "Your order",
    `<h1>Thank you</h1><p>Order ${escaped(id)}</p><p><a href="${escaped(deliveryUrl)}">See what you bought</a></p>`,
  );

/** Writes the page that says why something could not be bought. */
export const refusedPage = (why: string): string =>
  document("Not bought", `<h1>That did not work</h1><p>${escaped(why)}</p><p><a href="/">Back to the shop</a></p>`);
