import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { certificateNumber } from "../../../../shared/payments/alipay/certificates.ts";
import { Credentials } from "../../../../shared/payments/alipay/credentials.ts";
import { privateKeyIn, publicKeyIn } from "../../../../shared/payments/alipay/keys.ts";
import { newKeys, privateText, publicText } from "../../../support/payments/alipay/wire.ts";
import { NOTICE_KEY } from "./vectors.ts";

// Alipay's own, as alipay/alipay-sdk-nodejs-all publishes them, with their numbers.
const fileOf = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");

const [own, alipay] = [newKeys(), newKeys()];
const pem = (type: "pkcs1" | "pkcs8") => own.privateKey.export({ type, format: "pem" }).toString();
const publicPem = (type: "pkcs1" | "spki") => own.publicKey.export({ type, format: "pem" }).toString();

describe("keys are read as people paste them", () => {
  test.each([
    ["PKCS#8 as PEM", pem("pkcs8")],
    ["PKCS#1 as PEM", pem("pkcs1")],
    ["PKCS#8 as the key tool shows it, in one line", privateText(own, "pkcs8")],
    ["PKCS#1 in one line", privateText(own, "pkcs1")],
    ["PEM out of a JSON text", pem("pkcs8").replaceAll("\n", "\\n")],
    ["with blanks and Windows line ends", `  ${pem("pkcs8").replaceAll("\n", "\r\n")} `],
  ])("a private key: %s", (_name, text) => {
    expect(privateKeyIn(text)?.equals(own.privateKey)).toBe(true);
  });

  test.each([
    ["SPKI as PEM", publicPem("spki")],
    ["PKCS#1 as PEM", publicPem("pkcs1")],
    ["as the console shows it", publicText(own)],
  ])("a public key: %s", (_name, text) => {
    expect(publicKeyIn(text)?.equals(own.publicKey)).toBe(true);
  });

  test("what is no RSA key of 2048 bits is none", () => {
    for (const text of ["", "key", publicText(own), "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"])
      expect(privateKeyIn(text)).toBeUndefined();
    for (const text of ["", "key", privateText(own), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
      expect(publicKeyIn(text)).toBeUndefined();
  });
});

describe("a certificate", () => {
  test("is known by its number, and a file of roots by those that are RSA", () => {
    expect(certificateNumber(fileOf("alipayCertPublicKey_RSA2.crt"))).toBe("7513daaaa48aa3ba2e4018d84402479c");
    const roots = "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6";
    for (const text of [fileOf("alipayRootCert.crt"), roots]) expect(certificateNumber(text)).toBe(roots);
    for (const text of ["", "687b", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
      expect(certificateNumber(text)).toBeUndefined();
  });

  test("of Alipay's has the key that its answers are verified by", () => {
    const text = publicKeyIn(fileOf("alipayCertPublicKey_RSA2.crt"))?.export({ type: "spki", format: "der" });
    expect(text?.toString("base64")).toMatch(/^MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhoVesfcGvUv1XvUndmX0rmSZ/);
  });
});

describe("credentials", () => {
  const good = {
    appId: "2021000000000001",
    sellerId: "2088000000000001",
    privateKey: privateText(own),
    alipayPublicKey: publicText(alipay),
  };
  const wrongIn = (given: object): string[] =>
    (Credentials.safeParse({ ...good, ...given }).error?.issues ?? []).map(({ path }) => path.join("."));

  test("are an application with its key, a seller, and Alipay's key, perhaps two while it is changed", () => {
    expect(wrongIn({})).toEqual([]);
    expect(wrongIn({ nextAlipayPublicKey: NOTICE_KEY })).toEqual([]);
  });

  test("are refused by name, and the application's own public key is never taken for Alipay's", () => {
    expect(wrongIn({ appId: "wx1" })).toEqual(["appId"]);
    expect(wrongIn({ sellerId: "1088000000000001" })).toEqual(["sellerId"]);
    expect(wrongIn({ privateKey: "x" })).toContain("privateKey");
    expect(wrongIn({ alipayPublicKey: publicText(own) })).toEqual(["alipayPublicKey"]);
    expect(wrongIn({ nextAlipayPublicKey: publicText(own) })).toEqual(["nextAlipayPublicKey"]);
    expect(wrongIn({ appCert: "0".repeat(32) })).toEqual(["appCert"]);
    expect(wrongIn({ appCert: "x", alipayRootCert: fileOf("alipayRootCert.crt") })).toEqual(["appCert"]);
  });
});
