import { timeIn } from "./times.ts";
import type { Delivery } from "./view.ts";
import { wordsIn } from "./words.ts";
import type { Writing } from "./writing.ts";

/** The order in figures, help, and what the link is. */
export function Footer({ delivery: { order, channel }, writing }: { delivery: Delivery; writing: Writing }) {
  const words = wordsIn(writing.language);
  const time = timeIn(writing.language, writing.zone);
  const text = channel?.help?.[writing.language] ?? channel?.help?.en ?? channel?.help?.zh;
  return (
    <footer>
      <h2>{words.help}</h2>
      {text === undefined ? null : <p dir="auto">{text}</p>}
      <p>{words.helpBy(channel?.name ?? "")}</p>
      <dl>
        <dt>{words.order}</dt>
        <dd dir="auto">{order.reference ?? order.id}</dd>
        <dt>{words.placed}</dt>
        <dd>
          <time dateTime={order.placedAt}>{time(order.placedAt)}</time>
        </dd>
      </dl>
      {order.linkEnds === undefined ? null : <p>{words.keep(time(order.linkEnds))}</p>}
    </footer>
  );
}
