import { createSign } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerIn } from "../../../../shared/payments/alipay/answer.ts";
import { publicKeyIn } from "../../../../shared/payments/alipay/keys.ts";
import { newKeys } from "../../../support/payments/alipay/wire.ts";
import { ANSWER, ANSWER_KEY, OTHER_KEY } from "./vectors.ts";

const keyOf = (text: string) => publicKeyIn(text) ?? expect.unreachable("the vector's key is none");
const alipay = newKeys();
const METHOD = "alipay.trade.query";
const signOf = (text: string): string => createSign("SHA256").update(text).sign(alipay.privateKey, "base64");
const read = (text: string) => answerIn(text, METHOD, [alipay.publicKey]);
const BODY = '{"code":"10000","msg":"Success","trade_no":"1"}';
const answered = (body: string, sign = signOf(body)) => `{"alipay_trade_query_response":${body},"sign":"${sign}"}`;

describe("what Alipay itself has signed", () => {
  const file = { code: "10000", msg: "Success", file_id: "CAxAToWB1JsAAAAAAAAAAAAADgSLAQBr" };
  test("verifies by its key, and by the second of two", () => {
    const keys = [keyOf(OTHER_KEY), keyOf(ANSWER_KEY)];
    expect(answerIn(ANSWER, "alipay.open.file.upload", keys)).toEqual({ isSigned: true, body: file });
  });

  test("does not verify by another key, nor with one character changed", () => {
    expect(answerIn(ANSWER, "alipay.open.file.upload", [keyOf(OTHER_KEY)])).toBe("forged");
    const changed = ANSWER.replace("CAxA", "CAxB");
    expect(answerIn(changed, "alipay.open.file.upload", [keyOf(ANSWER_KEY)])).toBe("forged");
  });
});

describe("the very characters of the answer are verified", () => {
  test.each([
    ["with the signature behind it", answered(BODY)],
    ["with the signature before it", `{"sign":"${signOf(BODY)}","alipay_trade_query_response":${BODY}}`],
    [
      "with blanks and lines around it",
      `{\n "alipay_trade_query_response" \n:\n ${BODY} ,\n "sign" : "${signOf(BODY)}" }\n`,
    ],
    ["with members that we don't know", `{"alipay_cert_sn":"1",${answered(BODY).slice(1)}`],
  ])("%s", (_name, text) => {
    expect(read(text)).toMatchObject({ isSigned: true, body: { trade_no: "1" } });
  });

  test.each([
    ["a brace, a comma and a quote in a text", '{"code":"10000","subject":"},{\\"sign\\":\\"x\\"}"}'],
    ["a sign of its own within", '{"code":"10000","sign":"x","list":[{"sign":"y"},[1]]}'],
    ["blanks within", '{ "code" : "10000" }'],
    ["the same member twice within: the last counts, as it was signed", '{"code":"40004","code":"10000"}'],
  ])("%s", (_name, body) => {
    expect(read(answered(body))).toMatchObject({ isSigned: true, body: { code: "10000" } });
  });

  test("slashes may have been escaped after signing, and what was signed is what is read", () => {
    const body = '{"code":"10000","qr_code":"https://qr.alipay.com/1"}';
    expect(read(answered(body.replaceAll("/", "\\/"), signOf(body)))).toEqual({
      isSigned: true,
      body: { code: "10000", qr_code: "https://qr.alipay.com/1" },
    });
  });

  test("the same answer with a blank more, another order or another signature is forged", () => {
    for (const body of [`${BODY.slice(0, -1)} }`, '{"msg":"Success","code":"10000","trade_no":"1"}'])
      expect(read(answered(body, signOf(BODY)))).toBe("forged");
    for (const sign of [`${signOf(BODY)} `, `${signOf(BODY)}=`, signOf(`${BODY} `), "eA==", `\\u0020${signOf(BODY)}`])
      expect(read(answered(BODY, sign))).toBe("forged");
  });

  test("a member twice, another method's answer, or no JSON at all is unreadable", () => {
    const twice = `{"alipay_trade_query_response":${BODY},"alipay_trade_query_response":{},"sign":"${signOf(BODY)}"}`;
    for (const text of [
      twice,
      answered(BODY).replace("query", "close"),
      `${answered(BODY)}{}`,
      "",
      "[]",
      "<html>",
      "{",
      '{"a":1,}',
    ])
      expect(read(text)).toBe("unreadable");
    expect(read(answered(BODY).replace(/"sign":".*"/, '"sign":5'))).toBe("unreadable");
  });

  test("any one character changed, or put in, makes it forged or unreadable, or it still says exactly the same", () => {
    const text = answered('{"code":"10000","subject":"a\\\"},{b","list":[{"sign":"x"}],"total_amount":"15.00"}');
    const genuine = read(text);
    expect(genuine).toMatchObject({ isSigned: true });
    const change = fc.tuple(fc.nat(text.length), fc.constantFrom(...'{}[]",:\\ 0ns'.split("")), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(change, ([at, character, width]) => {
        const now = read(`${text.slice(0, at)}${character}${text.slice(at + width)}`);
        return typeof now === "string" || !now.isSigned || JSON.stringify(now) === JSON.stringify(genuine);
      }),
      { numRuns: 400 },
    );
  });

  test("an error without a signature is read as unsigned", () => {
    const text = '{"error_response":{"code":"40002","sub_code":"isv.invalid-signature"}}';
    expect(read(text)).toMatchObject({ isSigned: false, body: { code: "40002" } });
  });
});
