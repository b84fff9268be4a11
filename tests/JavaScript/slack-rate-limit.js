// Posts twice at once and prints how Slack's own client understands the refusal of the second.
import { WebClient } from "@slack/web-api";

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_CHANNEL } = process.env;
const slack = new WebClient(SLACK_BOT_TOKEN, { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });

await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "first" });
try {
  await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "second" });
  console.log(JSON.stringify({}));
} catch ({ code, retryAfter }) {
  console.log(JSON.stringify({ code, retryAfter }));
}
