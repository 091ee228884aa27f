import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { testEndpoint } from "../../../shared/webhooks/deliveries.ts";
import { rotateSecret } from "../../../shared/webhooks/rotate.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";
import { type Got, webhookScene } from "../../support/webhooks/scene.ts";

const ground = await sceneGround();

test("while a secret is rotated both sign, as the public library checks; each earlier one for a day", async () => {
  const scene = webhookScene(ground);
  const channelId = "chan_rotated";
  const { name, secret } = await scene.endpoint(channelId);
  const rotated = valueOf(await rotateSecret(scene.deps, name, "once"));
  expect(valueOf(await rotateSecret(scene.deps, name, "once"))).not.toHaveProperty("secret");
  const secrets = [secret, rotated.secret].map((one) => one?.reveal() ?? "");
  const checked = async (): Promise<boolean[]> => {
    valueOf(await testEndpoint(scene.deps, name, crypto.randomUUID()));
    await scene.serve(name, name.endpointId);
    const { headers = {}, body = "" }: Partial<Got> = scene.got.at(-1) ?? {};
    // The library goes by the machine's time alone, so what it checks is the signature for that moment.
    return secrets.map((one) => {
      const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
      return (headers["webhook-signature"] ?? "")
        .split(" ")
        .includes(new Webhook(one).sign(headers["webhook-id"] ?? "", at, body));
    });
  };
  expect(await checked()).toEqual([true, true]);
  // The answer was lost, so its owner rotates once more: what the receiver knows stays good.
  scene.pass(3600);
  secrets.push(valueOf(await rotateSecret(scene.deps, name, "again")).secret?.reveal() ?? "");
  expect(await checked()).toEqual([true, true, true]);
  scene.pass(LIMITS.secretOverlapSeconds - 3600);
  expect(await checked()).toEqual([false, true, true]);
  scene.pass(3600);
  expect(await checked()).toEqual([false, false, true]);
});

test("no more secrets of before sign than may, and none is dropped before its time", async () => {
  const scene = webhookScene(ground);
  const { name } = await scene.endpoint("chan_rotated_often");
  const rotate = (key: string) => rotateSecret(scene.deps, name, key);
  for (let time = 0; time < LIMITS.secretsOfBefore; time++) valueOf(await rotate(`time ${time}`));
  expect(await rotate("one too many")).toMatchObject({ ok: false, code: "limit_reached" });
  scene.pass(LIMITS.secretOverlapSeconds);
  expect(await rotate("one too many")).toMatchObject({ ok: true });
});
