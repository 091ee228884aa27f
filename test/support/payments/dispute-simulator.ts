import * as z from "zod";
import type { DisputeState } from "../../../shared/payments/dispute-contract.ts";
import type { Call, Reply } from "../suppliers/party.ts";
import { json } from "../suppliers/supplier-wire.ts";
import type { Movement } from "./statement-simulator.ts";

type Moved = { taken: number; givenBack: number };
type SimulatedDispute = {
  id: string;
  reference: string;
  state: DisputeState;
  amount: number;
  currency: string;
  reason: string;
  openedAt: string;
  answerBy?: string;
  completeBy?: string;
  answered: boolean;
  funds: Moved;
  fees: Moved & { currency: string };
  words?: string;
};

/** A disputed payment, as the simulator knows it. */
export type Disputable = { reference: string; amount: number; currency: string };

/** How a dispute begins. `fee`: what it costs. Seconds from now until the deadlines. */
export type Opening = {
  state?: DisputeState;
  amount?: number;
  fee?: number;
  feeCurrency?: string;
  answerWithin?: number;
  completeWithin?: number;
};

const AN_HOUR = 3600;
/** What a dispute costs if nobody says anything else. */
export const DISPUTE_FEE = 15;

const Evidence = z.object({
  product: z.string(),
  looks: z.array(z.looseObject({ at: z.string(), by: z.string() })),
  text: z.string(),
});
const ReplyText = z.strictObject({ text: z.string().min(1).max(200) });

/** The disputes of the simulated provider, and what banks and payers do with them, on command. */
export class DisputeSimulator {
  private readonly disputes = new Map<string, SimulatedDispute>();
  private readonly evidence = new Map<string, { text: string }[]>();
  private readonly replies = new Map<string, string[]>();
  /** Tells that something about a dispute has changed. */
  private readonly tell: (id: string, reference: string) => void;
  /** Evidence is not taken; or the next answer of ours is worked on, and the connection breaks. */
  isRefusing = false;
  losesNextAnswer = false;

  constructor(tell: (id: string, reference: string) => void = () => undefined) {
    this.tell = tell;
  }

  /** A payer disputes a payment, or complains about it. Gives the dispute's name. */
  open({ reference, amount: paid, currency }: Disputable, how: Opening = {}): string {
    const { state = "opened", amount = paid, fee = DISPUTE_FEE, feeCurrency = currency } = how;
    const id = `du_${reference.slice(4, 16)}_${this.disputes.size}`;
    const isComplaint = ["complained", "replied", "completed"].includes(state);
    const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
    this.disputes.set(id, {
      id,
      reference,
      state: isComplaint ? state : "inquiry",
      amount,
      currency,
      reason: isComplaint ? "refund_expected" : "fraudulent",
      openedAt: new Date().toISOString(),
      answerBy: inSeconds(how.answerWithin ?? (isComplaint ? 24 * AN_HOUR : 7 * 24 * AN_HOUR)),
      ...(isComplaint ? { completeBy: inSeconds(how.completeWithin ?? 72 * AN_HOUR) } : {}),
      answered: false,
      funds: { taken: 0, givenBack: 0 },
      fees: { taken: 0, givenBack: 0, currency: feeCurrency },
      ...(isComplaint ? { words: "Where is my code?" } : {}),
    });
    if (state === "opened") this.withdraw(id, fee);
    this.tell(id, reference);
    return id;
  }

  /** The bank takes the money: the inquiry has become a dispute. */
  withdraw(id: string, fee = DISPUTE_FEE): void {
    const dispute = this.named(id);
    dispute.state = dispute.answered ? "answered" : "opened";
    dispute.funds.taken = dispute.amount;
    dispute.fees.taken = fee;
    this.tell(id, dispute.reference);
  }

  /** The bank decides. The money comes back with it if it is for us, unless it comes later; the fee only if somebody says so. */
  decide(id: string, state: "won" | "lost", { isMoneyLate = false, isFeeBack = false } = {}): void {
    const dispute = this.named(id);
    dispute.state = state;
    if (state === "won" && !isMoneyLate) dispute.funds.givenBack = dispute.funds.taken;
    if (isFeeBack) dispute.fees.givenBack = dispute.fees.taken;
    this.tell(id, dispute.reference);
  }

  /** The money comes back. */
  reinstate(id: string): void {
    const dispute = this.named(id);
    dispute.funds.givenBack = dispute.funds.taken;
    this.tell(id, dispute.reference);
  }

  /** The bank wants nothing any more; or a payer complains again. */
  set(id: string, state: DisputeState): void {
    const dispute = this.named(id);
    dispute.state = state;
    if (state === "complained") dispute.answered = false;
    this.tell(id, dispute.reference);
  }

  /** Moves a deadline. */
  setDeadline(id: string, of: "answerBy" | "completeBy", at: string): void {
    this.named(id)[of] = at;
  }

  evidenceFor = (id: string): readonly { text: string }[] => this.evidence.get(id) ?? [];
  repliesTo = (id: string): readonly string[] => this.replies.get(id) ?? [];
  stateOf = (id: string): DisputeState => this.named(id).state;
  /** What it has taken of a payment and not given back. */
  heldOf = (reference: string): number =>
    this.all(reference).reduce((sum, { funds }) => sum + funds.taken - funds.givenBack, 0);
  feesOf = (reference: string): number =>
    this.all(reference).reduce((sum, { fees }) => sum + fees.taken - fees.givenBack, 0);

  /** What it has booked of all disputes. A fee in another currency is a line of its own. */
  movements = (): Movement[] =>
    [...this.disputes.values()].flatMap(({ id, funds, fees, currency, openedAt: at }): Movement[] => {
      const line = { reference: id, id, at };
      const isOne = fees.currency === currency;
      const taken = {
        kind: "dispute" as const,
        amount: 0 - funds.taken,
        feeThousandths: isOne ? fees.taken * 1_000 : 0,
      };
      const back = { kind: "dispute" as const, amount: funds.givenBack, feeThousandths: 0 };
      const fee = { kind: "fee" as const, amount: fees.taken, feeThousandths: 0, currency: fees.currency };
      return [
        ...(funds.taken === 0 ? [] : [{ ...taken, ...line, currency }]),
        ...(funds.givenBack === 0 ? [] : [{ ...back, ...line, currency }]),
        ...(isOne || fees.taken === 0 ? [] : [{ ...fee, ...line }]),
      ];
    });

  /** The newest dispute of a payment. Undefined: it has none. */
  latestOf = (reference: string): SimulatedDispute | undefined => this.all(reference).at(-1);

  private all = (reference: string): SimulatedDispute[] =>
    [...this.disputes.values()].filter((one) => one.reference === reference);

  private named(id: string): SimulatedDispute {
    const dispute = this.disputes.get(id);
    if (dispute === undefined) throw new Error(`the simulator knows no dispute ${id}`);
    return dispute;
  }

  /** Answers a call of the API: what is behind `/v1/disputes`. */
  answer(call: Call, [id, what]: readonly string[]): Reply {
    if (id === undefined) return this.list(call.url.searchParams);
    const dispute = this.disputes.get(decodeURIComponent(id));
    if (dispute === undefined) return problem(404, "not_found");
    if (what === undefined) return { status: 200, body: dispute };
    const reply = this.hear(dispute, what, json(call.body));
    if (!this.losesNextAnswer) return reply;
    this.losesNextAnswer = false;
    return "cut";
  }

  private hear(dispute: SimulatedDispute, what: string, body: unknown): Reply {
    const { id, state } = dispute;
    switch (what) {
      case "evidence": {
        const evidence = Evidence.safeParse(body);
        if (!evidence.success) return problem(400, "invalid_request");
        if (this.isRefusing) return problem(422, "evidence_not_taken");
        const before = this.evidence.get(id) ?? [];
        if (before.length > 0)
          return before[0]?.text === evidence.data.text
            ? { status: 200, body: dispute }
            : problem(409, "evidence_sent");
        if (state !== "inquiry" && state !== "opened") return problem(422, "too_late");
        this.evidence.set(id, [...before, evidence.data]);
        dispute.answered = true;
        dispute.state = state === "inquiry" ? "inquiry_answered" : "answered";
        return { status: 200, body: dispute };
      }
      case "accept":
        if (state !== "inquiry" && state !== "opened" && state !== "lost") return problem(422, "too_late");
        dispute.state = "lost";
        return { status: 200, body: dispute };
      case "replies": {
        const reply = ReplyText.safeParse(body);
        if (!reply.success) return problem(400, "invalid_request");
        if (state === "completed") return problem(422, "too_late");
        this.replies.set(id, [...(this.replies.get(id) ?? []), reply.data.text]);
        dispute.answered = true;
        dispute.state = "replied";
        return { status: 200, body: dispute };
      }
      case "complete":
        if (state !== "replied" && state !== "completed") return problem(422, "no_reply_yet");
        dispute.state = "completed";
        return { status: 200, body: dispute };
      default:
        return problem(404, "not_found");
    }
  }

  private list(query: URLSearchParams): Reply {
    const since = query.get("since") ?? "";
    const ids = [...this.disputes.values()].filter(({ openedAt }) => openedAt >= since).map(({ id }) => id);
    const from = Number(query.get("cursor") ?? 0);
    const to = from + DISPUTES_PER_PAGE;
    return { status: 200, body: { ids: ids.slice(from, to), ...(to < ids.length ? { next: String(to) } : {}) } };
  }
}

/** Few, so that tests meet a second page. */
const DISPUTES_PER_PAGE = 2;

const problem = (status: number, code: string): Reply => ({ status, body: { code } });
