import type { DeliveryState } from "../../../shared/deliveries/state.ts";
import type { Words } from "./words.ts";

type Step = keyof Words["steps"];

const TO_GOODS: readonly Step[] = ["paid", "sent", "there"];
const TO_MONEY: readonly Step[] = ["paid", "refunding", "refunded"];

/** How far an order is on its way: so many of these steps are over. Null: it was closed, so there is no way. */
const WAYS: Readonly<Record<DeliveryState["kind"], readonly [steps: readonly Step[], over: number] | null>> = {
  unpaid: [TO_GOODS, 0],
  on_its_way: [TO_GOODS, 1],
  late: [TO_GOODS, 1],
  review: [TO_GOODS, 1],
  ready: [TO_GOODS, 3],
  done: [TO_GOODS, 3],
  partly: null,
  expired: null,
  cancelled: null,
  refunding: [TO_MONEY, 1],
  refunded: [TO_MONEY, 3],
};

/** Shows how far an order is, and what comes next. */
export function Track({ state, words }: { state: DeliveryState; words: Words }) {
  const way = WAYS[state.kind];
  if (way === null) return null;
  const [steps, over] = way;
  return (
    <ol class="track">
      {steps.map((step, index) => (
        <li key={step} {...(index < over ? { class: "over" } : index === over ? { "aria-current": "step" } : {})}>
          {words.steps[step]}
        </li>
      ))}
    </ol>
  );
}
