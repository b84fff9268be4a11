// Posts a message with a button and, with Slack's own Socket Mode client, acknowledges and answers as many clicks as it is told to.
// Prints the clicks it has seen.
import assert from "node:assert/strict";
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_CHANNEL, CLICKS } = process.env;
const options = { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 0 } };
const slack = new WebClient(SLACK_BOT_TOKEN, options);
// After its connection has ended, the client waits as long as its ping timeout before it connects again.
const socket = new SocketModeClient({ appToken: SLACK_APP_TOKEN, clientOptions: options, clientPingTimeout: 1000 });

const clicks = [];
const done = new Promise((resolve, reject) => {
  socket.on("interactive", async ({ body, ack }) => {
    try {
      await ack();
      const [action] = body.actions;
      await slack.views.open({
        trigger_id: body.trigger_id,
        view: { type: "modal", title: { type: "plain_text", text: "Logs" }, blocks: [{ type: "divider" }] },
      });
      const answer = await fetch(body.response_url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text: `you clicked ${action.value}` }),
      });
      assert.equal(answer.status, 200);
      clicks.push({ type: body.type, user: body.user.id, action: action.action_id, value: action.value, channel: body.channel.id, ts: body.message.ts });
      if (clicks.length === Number(CLICKS)) resolve();
    } catch (error) {
      reject(error);
    }
  });
});

await slack.chat.postMessage({
  channel: SLACK_CHANNEL,
  text: "an incident",
  blocks: [{
    type: "actions",
    elements: [{ type: "button", action_id: "execute", value: "proposal-1", text: { type: "plain_text", text: "Restart" } }],
  }],
});
await socket.start();
await done;
await socket.disconnect();
console.log(JSON.stringify(clicks));
