import { type Rule, scenes } from "../rule.ts";

const disputeScene = (tests: string) => scenes("disputes/disputes", tests);
const clockScene = (tests: string) => scenes("disputes/clocks", tests);

/** The rules of disputes: the books are what the provider's are, evidence goes once, and nobody is paid twice. */
export const disputes: readonly Rule[] = [
  {
    rule: "a refund of money that a dispute holds is not asked for",
    file: "shared/payments/model.ts",
    from: 'const refund = open.find((one) => one.state === "pending" || one.amount <= leftOf(payment));',
    to: "const refund = open.find((one) => one.amount > 0);",
    red: disputeScene("a refund waits while its money is disputed"),
  },
  {
    rule: "a refund that a lost dispute has paid ends with it",
    file: "shared/disputes/position.ts",
    from: "const isPaid = amount > left && covered + amount <= lost;",
    to: "const isPaid = amount < 0 && covered + amount <= lost;",
    red: disputeScene("the payer is paid once"),
  },
  {
    rule: "evidence that somebody has sent is not sent again",
    file: "shared/disputes/model.ts",
    from: '(state === "inquiry" || state === "opened") && !isAnswered;',
    to: '(state === "inquiry" || state === "opened" || isAnswered);',
    red: ["test/unit/disputes/model.test.ts", "that has its evidence from somebody else"],
  },
  {
    rule: "news that is older than what we know changes nothing",
    file: "shared/disputes/model.ts",
    from: "!DISPUTE_MOVES[known.state].includes(news.state) ||",
    to: "",
    red: ["test/unit/disputes/model.test.ts", "is what makes an illegal move"],
  },
  {
    rule: "a disputed deposit is its channel's debt",
    file: "shared/disputes/position.ts",
    from: "return { ...of, channel: held };",
    to: "return { ...of, pending: held };",
    red: clockScene("a disputed deposit is its channel's debt"),
  },
  {
    rule: "goods that nobody has seen are not shown while their money is disputed",
    file: "shared/orders/disputed.ts",
    from: "({ held }) => held > 0",
    to: "({ held }) => held < 0",
    red: clockScene("are not shown while their money is disputed"),
  },
  {
    rule: "goods that nobody has seen go back when their whole payment is lost",
    file: "shared/disputes/follow.ts",
    from: "const isBack = isAll && (await cancelOrder(deps, channelId, orderId)).ok;",
    to: "const isBack = isAll && orderId === channelId;",
    red: disputeScene("whose goods nobody has seen takes them back"),
  },
];
