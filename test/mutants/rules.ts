import type { Rule } from "./rule.ts";
import { alipay } from "./rules/alipay.ts";
import { cases } from "./rules/cases.ts";
import { disputes } from "./rules/disputes.ts";
import { doors } from "./rules/doors.ts";
import { drafts } from "./rules/drafts.ts";
import { lanes } from "./rules/lanes.ts";
import { notices } from "./rules/notices.ts";
import { orders } from "./rules/orders.ts";
import { payments } from "./rules/payments.ts";
import { people } from "./rules/people.ts";
import { prices } from "./rules/prices.ts";
import { refunds } from "./rules/refunds.ts";
import { restores } from "./rules/restores.ts";
import { stock } from "./rules/stock.ts";
import { atStripe } from "./rules/stripe.ts";
import { supply } from "./rules/supply.ts";
import { tables } from "./rules/tables.ts";
import { webhooks } from "./rules/webhooks.ts";
import { wechatRules } from "./rules/wechat.ts";

/** The rules that keep codes and money together. */
export const rules: readonly Rule[] = [
  ...atStripe,
  ...alipay,
  ...doors,
  ...drafts,
  ...lanes,
  ...notices,
  ...orders,
  ...payments,
  ...cases,
  ...disputes,
  ...people,
  ...prices,
  ...refunds,
  ...restores,
  ...stock,
  ...supply,
  ...tables,
  ...webhooks,
  ...wechatRules,
];
