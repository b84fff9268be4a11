// Calls the methods of Slack's Web API that the pipeline calls, with Slack's own client, and checks what that makes of the answers.
import assert from "node:assert/strict";
import { ErrorCode, WebClient } from "@slack/web-api";

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_CHANNEL, SLACK_USER, SLACK_USER_GROUP } = process.env;
const slack = new WebClient(SLACK_BOT_TOKEN, { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });
const channel = SLACK_CHANNEL;

const refused = (error) => (thrown) => thrown.code === ErrorCode.PlatformError && thrown.data.error === error;

const bot = await slack.auth.test();

const metadata = { event_type: "incident", event_payload: { incident: "i-1", revision: 2 } };
const blocks = [
  { type: "header", text: { type: "plain_text", text: "❌ price-scraper" } },
  { type: "section", text: { type: "mrkdwn", text: "*OOMKilled* <b> & größer".replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") } },
  { type: "rich_text", elements: [
    { type: "rich_text_section", elements: [
      { type: "text", text: "*OOMKilled* <b> & __init__.py", style: { bold: true } }, { type: "link", url: "https://example.org/?a*c", text: "Runbook" }, { type: "user", user_id: SLACK_USER },
    ] },
    { type: "rich_text_list", style: "bullet", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "exit 137", style: { code: true } }] }] },
    { type: "rich_text_preformatted", elements: [{ type: "text", text: "-  256Mi\n+  512Mi" }] },
  ] },
];
const posted = await slack.chat.postMessage({ channel, text: "price-scraper", blocks, metadata });
assert.equal(posted.ok, true);
assert.equal(posted.channel, channel);
assert.equal(posted.message.user, bot.user_id);
assert.deepEqual(posted.message.blocks.map((block) => block.type), ["header", "section", "rich_text"]);
assert.equal(posted.message.blocks[2].elements[0].elements[0].text, "*OOMKilled* <b> & __init__.py");

const reply = await slack.chat.postMessage({ channel, text: "the whole log", thread_ts: posted.ts });
const updated = await slack.chat.update({ channel, ts: posted.ts, text: "price-scraper is well", blocks: [blocks[0]], metadata });
assert.equal(updated.ts, posted.ts);

const history = await slack.conversations.history({ channel, include_all_metadata: true, limit: 10 });
assert.equal(history.has_more, false);
assert.deepEqual(history.messages.map((message) => message.ts), [posted.ts]);
assert.equal(history.messages[0].text, "price-scraper is well");
assert.deepEqual(history.messages[0].metadata, metadata);
assert.equal(history.messages[0].reply_count, 1);
const without = await slack.conversations.history({ channel });
assert.equal(without.messages[0].metadata, undefined);

const pages = [];
for await (const page of slack.paginate("conversations.replies", { channel, ts: posted.ts, limit: 1 }))
  pages.push(page.messages.map((message) => message.ts));
assert.deepEqual(pages.flat(), [posted.ts, reply.ts]);

const ephemeral = await slack.chat.postEphemeral({ channel, user: SLACK_USER, text: "you may not" });
assert.match(ephemeral.message_ts, /^\d+\.\d{6}$/);

const { user } = await slack.users.info({ user: SLACK_USER });
assert.equal(user.profile.email, "alice@example.org");
const { users } = await slack.usergroups.users.list({ usergroup: SLACK_USER_GROUP });
assert.deepEqual(users, [SLACK_USER]);

await assert.rejects(slack.chat.postMessage({ channel: "C0NOWHERE", text: "lost" }), refused("channel_not_found"));
await assert.rejects(slack.chat.update({ channel, ts: "1.000100", text: "lost" }), refused("message_not_found"));
await assert.rejects(slack.users.info({ user: "U0NOBODY" }), refused("user_not_found"));
await assert.rejects(slack.usergroups.users.list({ usergroup: "S0NONE" }), refused("no_such_subteam"));

console.log(JSON.stringify({ ts: posted.ts, reply: reply.ts }));
