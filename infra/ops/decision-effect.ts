import { sum } from "../../shared/kernel/money.ts";
import type { Send } from "./client.ts";
import type { Given } from "./command.ts";
import { moneyText } from "./money.ts";

type Item = {
  orderId: string;
  state: string;
  total: { amount: number; currency: string };
  choices: { action: string; effect: string }[];
};
type Page = { data: Item[]; nextCursor: string | null };

/** What a decision would do: to one order in the words of its review, to many by their number and what they cost at most. */
export async function decisionEffect(given: Given, send: Send): Promise<string> {
  const { argument, options } = given;
  if (options["all"] !== undefined) return effectOnAll(given, send);
  const shown = await send({ method: "GET", path: `/admin/v1/reviews/${encodeURIComponent(argument)}` });
  const { review } = (shown.ok ? shown.body : {}) as { review?: Item };
  const choice = review?.choices.find(({ action }) => action === options["action"]);
  const which = options["lines"] === undefined ? "" : ` Only lines ${options["lines"]}.`;
  return choice === undefined
    ? `It decides ${options["action"]} about ${argument}.`
    : `${argument}: ${choice.effect}${which}`;
}

async function effectOnAll({ options }: Given, send: Send): Promise<string> {
  const filter = {
    reason: options["review-reason"],
    productId: options["review-product"],
    since: options["since"],
    ...(options["action"] === "replace" ? {} : { supplierId: options["supplier"] }),
  };
  const said = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const more = cursor === undefined ? {} : { cursor };
    const query = { ...Object.fromEntries(said), limit: "100", ...more };
    const answer = await send({ method: "GET", path: "/admin/v1/reviews", query });
    if (!answer.ok) return `It decides ${options["action"]} about all reviews that the filters mean.`;
    const page = answer.body as Page;
    items.push(...page.data);
    cursor = page.nextCursor;
  }
  const totals = [...Map.groupBy(items, ({ total }) => total.currency)].map(([currency, alike]) =>
    moneyText(
      sum(
        alike.map(({ total }) => total),
        currency,
      ),
    ),
  );
  const worth = totals.length === 0 ? "" : `, worth ${totals.join(" and ")} in all`;
  return `It decides ${options["action"]} about ${items.length} orders${worth}.`;
}
