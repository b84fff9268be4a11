// Sends one Converse request, read from standard input, and prints what the client made of the answer.
// Endpoint, region and keys come from the environment variables that the AWS clients of all languages read.
import { text } from "node:stream/consumers";
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const client = new BedrockRuntimeClient({
  maxAttempts: 1,
  // By itself this client speaks HTTP/2, which a server without TLS can't offer beside HTTP/1.1.
  requestHandler: new NodeHttpHandler({ requestTimeout: 8000, throwOnRequestTimeout: true }),
});
const request = JSON.parse(await text(process.stdin));

try {
  const { $metadata: metadata, ...answer } = await client.send(new ConverseCommand(request));
  console.log(JSON.stringify({ answer, status: metadata.httpStatusCode, requestId: metadata.requestId }));
} catch (error) {
  const { name, message, code, $fault: fault, $metadata: metadata, originalStatusCode, resourceName } = error;
  const retryAfter = error.$response?.headers["retry-after"];
  const status = metadata?.httpStatusCode;
  console.log(JSON.stringify({ error: { name, message, code, fault, status, originalStatusCode, resourceName, retryAfter } }));
}
