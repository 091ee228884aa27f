import type { Verified } from "../contract.ts";
import type { Application } from "./credentials.ts";
import { momentOf } from "./notation.ts";
import { isAlipays } from "./signing.ts";

/** Alipay repeats a notice for about 25 hours. One that claims to be older is somebody's recording. */
const STALE_MS = 48 * 3600 * 1000;

type Field = { name: string; value: Buffer };

/**
 * Verifies a notice: a form, of which every field counts, known or not, but `sign` and `sign_type`
 * ([how](https://opendocs.alipay.com/common/02mse7)). The signature is over the bytes as they were before they were encoded, so the
 * charset does not matter. A notice to another application or seller is refused: it is not for us. What it says of the trade isn't read:
 * a refund is told as a success (with `refund_fee`), so only a question says what is true.
 */
export function verifyNotice(application: Application, rawBody: string, now: Date): Verified {
  const fields = fieldsOf(rawBody);
  if (fields === undefined) return { ok: false, reason: "malformed" };
  const texts = new Map(fields.map(({ name, value }) => [name, value.toString("latin1")]));
  const said = (name: string): string => texts.get(name) ?? "";
  const sentAt = momentOf(said("notify_time"));
  if (!/^[\w-]{1,128}$/.test(said("notify_id")) || sentAt === undefined || said("sign") === "")
    return { ok: false, reason: "malformed" };
  const isSigned = said("sign_type") === "RSA2" && isAlipays(application.alipayKeys, signedBytes(fields), said("sign"));
  const isForUs = said("app_id") === application.appId && said("seller_id") === application.sellerId;
  if (!isSigned || !isForUs) return { ok: false, reason: "forged" };
  if (now.getTime() - Date.parse(sentAt) > STALE_MS) return { ok: false, reason: "stale" };
  const paymentId = said("out_trade_no");
  const isOurs = said("notify_type") === "trade_status_sync" && /^pay_[0-9a-z]{26}$/.test(paymentId);
  return { ok: true, notice: { eventId: said("notify_id"), ...(isOurs ? { paymentId } : {}) } };
}

const UNSIGNED = new Set(["sign", "sign_type"]);

/** Joins the fields as Alipay has signed them: by name, as `name=value`, with `&` between. */
function signedBytes(fields: readonly Field[]): Buffer {
  const parts = fields
    .filter(({ name }) => !UNSIGNED.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, value }, index) => [Buffer.from(`${index === 0 ? "" : "&"}${name}=`), value]);
  return Buffer.concat(parts);
}

/** Reads a form into bytes. Undefined if it is none, or says a thing twice. */
function fieldsOf(rawBody: string): Field[] | undefined {
  const fields = rawBody.split("&").map((part): Field | undefined => {
    const [, name, value = ""] = /^([\w.-]{1,64})=(.*)$/s.exec(part) ?? [];
    return name === undefined ? undefined : { name, value: bytesOf(value) };
  });
  const read = fields.filter((field) => field !== undefined);
  return read.length === fields.length && new Set(read.map(({ name }) => name)).size === read.length ? read : undefined;
}

/** Decodes what stands in a form, into bytes of whatever charset. */
function bytesOf(value: string): Buffer {
  const parts = value.replaceAll("+", " ").split(/(%[0-9a-fA-F]{2})/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(1), "hex") : Buffer.from(part))),
  );
}
