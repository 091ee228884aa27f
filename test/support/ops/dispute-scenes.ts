import { disputedShop } from "../payments/disputed-shop.ts";
import { caseScenes } from "./case-scenes.ts";
import type { Scene } from "./webhook-scenes.ts";

/** Acts of operators on disputes, complaints and cases, with what their records say. */
export async function disputeScenes() {
  const shop = await disputedShop();
  const { paymentId } = await shop.sold();
  const opened = async (): Promise<string> => (await shop.disputed(paymentId, { amount: 1 })).id;
  const complained = async (): Promise<string> => (await shop.disputed(paymentId, { state: "complained" })).id;
  const scene = (subject: string, what: string, action: string, state: string, more: object = {}): Scene => ({
    path: `/admin/v1/disputes/${subject}/${what}`,
    subject,
    says: { action, what: { state, ...more } },
  });
  return {
    ...caseScenes,
    sendEvidence: async () => scene(await opened(), "evidence", "dispute_evidence_decided", "opened"),
    acceptDispute: async () => scene(await opened(), "acceptance", "dispute_accepted", "opened"),
    requestDisputeLook: async () => scene(await opened(), "looks", "dispute_look_requested", "opened"),
    replyToComplaint: async (): Promise<Scene> => ({
      ...scene(await complained(), "replies", "complaint_replied", "complained", { characters: 5 }),
      json: { text: "Sorry" },
    }),
    completeComplaint: async () => {
      const subject = await complained();
      const name = String((await shop.get(`/${subject}`))["disputeId"]);
      shop.simulator.disputes.set(name, "replied");
      await shop.becomes(subject, "replied");
      return scene(subject, "completion", "complaint_completed", "replied");
    },
  };
}
