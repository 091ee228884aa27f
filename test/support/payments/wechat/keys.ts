import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Credentials } from "../../../../shared/payments/wechat/credentials.ts";
import { merchant, platform } from "./published.ts";

/** A public key as WeChat Pay gives one to a merchant, made for this run. */
export function newPublicKey(serial: string): { serial: string; pem: string; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { serial, pem: publicKey.export({ type: "spki", format: "pem" }) as string, privateKey };
}

/** What signs for the simulator when keys are changed for public keys. */
export const theirs = newPublicKey("PUB_KEY_ID_0114232134912410000000000000");

export const API_V3_KEY = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";

/** A merchant as the simulator knows it, with both of the simulator's keys: as in the week in which they change. */
export const credentials: Credentials = {
  mchId: "1900000109",
  appId: "wx8888888888888888",
  certificateSerial: merchant.serial,
  privateKey: merchant.privateKey,
  apiV3Key: API_V3_KEY,
  [theirs.serial]: theirs.pem,
  [platform.serial]: platform.certificate,
};
