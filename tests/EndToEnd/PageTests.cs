using System.Net;
using AlertResponder.Simulators;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.Playwright;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The local page in a real browser: it follows an incident by itself, and what others wrote stays text.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private static readonly float Patience = (float)TimeSpan.FromSeconds(30).TotalMilliseconds;

    // What goes wrong in the browser, and what hostile text would do.
    private readonly List<string> troubles = [];
    private Surroundings surroundings = null!;
    private PipelineProcess pipeline = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        surroundings = await Surroundings.StartAsync(Stories.PriceScraper, Cancel);
        pipeline = await PipelineProcess.StartNewAsync(environment: surroundings.Settings(), cancellationToken: Cancel);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Browser(),
            Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await pipeline.DisposeAsync();
        await surroundings.DisposeAsync();
    }

    [Fact]
    public async Task Page_IncidentOpensAndResolves_FollowsWithoutReload()
    {
        var page = await OpenAsync();
        await page.GetByText("Nothing is wrong that Alertmanager has told of.").WaitForAsync();
        await page.Locator("#live.on").WaitForAsync();

        await FireAsync(PriceScraperAlert.Webhook);
        await page.Locator("#open").GetByRole(AriaRole.Link, new() { Name = "CronJob cardboard/price-scraper" }).WaitForAsync();
        await page.EvaluateAsync("window.loadedOnce = true");
        await page.Locator("#open").GetByText("OOMKilled").First.WaitForAsync();

        var incident = await OpenAsync(await page.Locator("#open a").GetAttributeAsync("href") ?? "");
        await incident.Locator("#live.on").WaitForAsync();
        await incident.EvaluateAsync("window.loadedOnce = true");
        await incident.GetByText("needs more than its 256Mi memory limit").First.WaitForAsync();

        await FireAsync(Payloads.Read("resolved-single.json").Replace("price-scraper-28487520-abc12", "price-scraper-28487520-2n78x", StringComparison.Ordinal));
        await incident.GetByRole(AriaRole.Heading, new() { Name = "resolved after" }).WaitForAsync();
        await page.Locator("#past").GetByRole(AriaRole.Link, new() { Name = "CronJob cardboard/price-scraper" }).WaitForAsync();

        (await page.EvaluateAsync<bool>("window.loadedOnce === true")).ShouldBeTrue("the list was not loaded again");
        (await incident.EvaluateAsync<bool>("window.loadedOnce === true")).ShouldBeTrue("the incident was not loaded again");
        troubles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_HostileText_StaysText()
    {
        await FireAsync(Payloads.Read("firing-hostile-text.json")
            .Replace("`code` *bold*", "</pre><img src=x onerror=alert(1)><svg onload=alert(2)> `code`", StringComparison.Ordinal));
        var page = await OpenAsync();
        await page.Locator("#open article a").WaitForAsync();
        await InertAsync(page);

        var incident = await OpenAsync(await page.Locator("#open article a").GetAttributeAsync("href") ?? "");
        await incident.GetByText("<img src=x onerror=alert(1)>").First.WaitForAsync();
        await InertAsync(incident);
        troubles.ShouldBeEmpty();
    }

    private static async Task InertAsync(IPage page)
    {
        (await page.Locator("script").CountAsync()).ShouldBe(1, "our own script alone");
        (await page.Locator("main img, main svg, main iframe, main [onerror], main [onload]").CountAsync()).ShouldBe(0);
    }

    private async Task<IPage> OpenAsync(string path = "/")
    {
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => troubles.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                troubles.Add(message.Text);
        };
        page.Dialog += async (_, dialog) =>
        {
            troubles.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        var answer = await page.GotoAsync(new Uri(pipeline.Url, path).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        answer!.Status.ShouldBe((int)HttpStatusCode.OK);
        return page;
    }

    private async Task FireAsync(string webhook)
    {
        using var http = new HttpClient();
        using var content = new StringContent(webhook, System.Text.Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(pipeline.Url, "webhooks/alertmanager"), content, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string Browser() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The page's tests need Chromium: apt-get install chromium");
}
