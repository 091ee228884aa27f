import { type DeliveryState, deliveryState, isMoving, lineState, stampOf } from "../../../shared/deliveries/state.ts";
import { piecesToSee } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { documentOf } from "./document.ts";
import { Footer } from "./footer.tsx";
import { Frame } from "./frame.tsx";
import { Goods, type Shown } from "./goods.tsx";
import { Help } from "./help.tsx";
import { timeIn } from "./times.ts";
import { Track } from "./track.tsx";
import { type Delivery, nameIn } from "./view.ts";
import { type Words, wordsIn } from "./words.ts";
import { addressesFrom, type Writing } from "./writing.ts";

const TONES: Record<DeliveryState["kind"], "good" | "wait" | "bad" | "still"> = {
  unpaid: "wait",
  expired: "still",
  cancelled: "still",
  on_its_way: "wait",
  late: "bad",
  review: "wait",
  ready: "good",
  done: "good",
  partly: "wait",
  refunding: "wait",
  refunded: "still",
};

/** Writes the page of an order. `shown`: the codes that are seen now. */
export function deliveryPage(delivery: Delivery, writing: Writing, shown?: Shown): string {
  const { order, channel } = delivery;
  const { language } = writing;
  const words = wordsIn(language);
  const state = deliveryState(order);
  const live = isMoving(state) && shown === undefined ? liveOf(order, writing) : undefined;
  const content = (
    <Frame language={language} seller={channel?.name}>
      {shown === undefined ? null : <Goods delivery={delivery} writing={writing} shown={shown} />}
      <State delivery={delivery} writing={writing} state={state} isShown={shown !== undefined} />
      <Help delivery={delivery} writing={writing} />
      <Footer delivery={delivery} writing={writing} />
    </Frame>
  );
  return documentOf(language, `${words.page} · ${channel?.name ?? ""}`, content, live);
}

const liveOf = (order: Order, writing: Writing) => ({ stamp: stampOf(order), state: addressesFrom(writing).state });

type Part = { delivery: Delivery; writing: Writing };

function State({ delivery, writing, state, isShown }: Part & { state: DeliveryState; isShown: boolean }) {
  const { order } = delivery;
  const words = wordsIn(writing.language);
  const pieces = piecesToSee(order);
  const seen: DeliveryState = isShown && state.kind === "ready" ? { kind: "done" } : state;
  const Heading = isShown ? "h2" : "h1";
  return (
    <section class={`card ${TONES[state.kind]}`} aria-labelledby="state">
      <div class="state">
        <span class="dot" aria-hidden="true" />
        <Heading id="state">{words.states[seen.kind]}</Heading>
      </div>
      <p>{nextOf(words, seen, timeIn(writing.language, writing.zone))}</p>
      {pieces === 0 || isShown ? null : (
        <form class="reveal" method="post" action={addressesFrom(writing).reveal}>
          <button class="main" type="submit">
            {words.show(pieces)}
          </button>
          <p class="small">{words.showHint}</p>
        </form>
      )}
      <Track state={seen} words={words} />
      <ul class="lines">
        {order.lines.map((line) => (
          <li key={line.id}>
            <span>
              <span class="name" dir="auto">
                {nameIn(writing.language, delivery, line.id)}
              </span>
              <span class="small">{words.pieces(line.quantity)}</span>
            </span>
            <span>{words.lines[lineState(order, line)]}</span>
          </li>
        ))}
      </ul>
      {isShown ? (
        <div class="row">
          <a class="button" href={addressesFrom(writing).page}>
            {isMoving(state) ? words.again : words.hide}
          </a>
        </div>
      ) : null}
    </section>
  );
}

function nextOf(words: Words, state: DeliveryState, time: (at: string) => string): string {
  switch (state.kind) {
    case "unpaid":
    case "on_its_way":
      return words.next[state.kind](state.until === undefined ? undefined : time(state.until));
    case "review":
      return words.next.review(time(state.until));
    default:
      return words.next[state.kind];
  }
}
