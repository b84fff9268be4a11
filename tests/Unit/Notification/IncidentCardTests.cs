using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;

namespace AlertResponder.Tests.Unit.Notification;

public sealed class IncidentCardTests
{
    /// <summary>What a defect, or a row from elsewhere, can leave in a snapshot.</summary>
    public static TheoryData<string, Func<IncidentSnapshot, IncidentSnapshot>> Broken => new()
    {
        { "no diagnosis", incident => incident with { Analysis = incident.Analysis! with { Diagnosis = null! } } },
        { "no findings", incident => incident with { Analysis = incident.Analysis! with { Diagnosis = incident.Analysis.Diagnosis with { Findings = null! } } } },
        { "no commands", incident => incident with { Analysis = incident.Analysis! with { Commands = null! } } },
        { "no evidence", incident => incident with { Context = incident.Context! with { Evidence = null! } } },
        { "no remediations", incident => incident with { Remediations = null! } },
        { "no proposals", incident => incident with { Proposals = null! } },
        { "a proposal of nothing", incident => incident with { Proposals = [null!] } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void Draw_SomethingInItThrows_IsDrawnFromTheAlertAloneAndSaysSo(string what, Func<IncidentSnapshot, IncidentSnapshot> breaking)
    {
        var whole = Snapshots.PriceScraper();
        _ = IncidentCard.Draw(whole);

        var card = IncidentCard.Draw(breaking(whole));

        what.ShouldNotBeEmpty();
        card.Title.ShouldContain("CronJob cardboard/price-scraper");
        card.Headline.ShouldContain("CrashLoopBackOff");
        var lines = card.Parts.SelectMany(part => part.Lines).Select(line => string.Concat(line.Spans.Select(span => span.Text))).ToList();
        lines.Count.ShouldBe(2);
        lines[1].ShouldContain("could not be drawn whole");
        CardFit.ForMessage(card).Message.ShouldNotBeNull();
    }

    [Fact]
    public void Draw_NotEvenTheAlertCanBeTold_NamesTheSubject()
    {
        var card = IncidentCard.Draw(Snapshots.PriceScraper() with { Alerts = [null!] });

        card.Title.ShouldContain("CronJob cardboard/price-scraper");
        card.Parts.ShouldHaveSingleItem().Lines.ShouldHaveSingleItem().Spans[0].Text.ShouldContain("could not be drawn whole");
    }

    [Fact]
    public void Draw_PartOfItCannotBeRead_SaysSoAndPromisesNoAnalysis()
    {
        var card = IncidentCard.Draw(Snapshots.PriceScraper() with { Analysis = null, IsIncomplete = true });

        var text = string.Join('\n', card.Parts.SelectMany(part => part.Lines).SelectMany(line => line.Spans).Select(span => span.Text));
        text.ShouldContain("cannot be read by this version");
        text.ShouldNotContain("Not analysed yet");
    }

    [Theory]
    [InlineData(Severity.Critical, "🔴")]
    [InlineData(Severity.Warning, "🟠")]
    [InlineData(Severity.Info, "🔵")]
    public void Draw_OpenAndDiagnosed_ShowsTheDiagnosedSeverity(Severity severity, string icon) =>
        IncidentCard.Draw(Diagnosed(diagnosis => diagnosis with { Severity = severity })).Title.ShouldBe($"{icon} CronJob cardboard/price-scraper");

    [Theory]
    [InlineData("critical", "🔴")]
    [InlineData("warning", "🟠")]
    [InlineData("info", "🔵")]
    [InlineData("page", "🔴")]
    [InlineData("2", "🟠")]
    public void Draw_NotYetDiagnosed_ShowsTheSeverityLabel(string label, string icon)
    {
        var incident = Snapshots.PriceScraper() with
        {
            Analysis = null,
            Alerts = [Snapshots.Alert("A", new() { ["severity"] = label }, [])],
        };

        IncidentCard.Draw(incident).Title.ShouldStartWith(icon);
    }

    [Fact]
    public void Draw_NotYetDiagnosed_TellsTheCriticalAlertFirstWhateverItsSenderCallsThat()
    {
        var incident = Snapshots.PriceScraper() with
        {
            Analysis = null,
            Alerts =
            [
                Snapshots.Alert("A", new() { ["severity"] = "warning" }, new() { ["summary"] = "The disk fills up." }),
                Snapshots.Alert("B", new() { ["severity"] = "P1" }, new() { ["summary"] = "The shop is down." }),
            ],
        };

        IncidentCard.Draw(incident).Headline.ShouldEndWith(": The shop is down, and 1 more");
    }

    [Theory]
    [InlineData(0, "1 s")]
    [InlineData(45, "45 s")]
    [InlineData(60, "1 min")]
    [InlineData(3599, "59 min")]
    [InlineData(3600, "1 h")]
    [InlineData(3660, "1 h 1 min")]
    [InlineData(86_400, "1 d")]
    [InlineData(266_400, "3 d 2 h")]
    public void Draw_Resolved_IsGreenWithItsDuration(int seconds, string duration)
    {
        var card = IncidentCard.Draw(Snapshots.PriceScraper() with { ResolvedAt = Snapshots.Opened.AddSeconds(seconds) });

        card.Tone.ShouldBe(CardTone.Resolved);
        card.Title.ShouldBe($"🟢 CronJob cardboard/price-scraper · resolved after {duration}");
    }

    [Fact]
    public void Draw_CredentialPluginFailed_ShowsItsOwnWords()
    {
        const string Reason = "The credential plug-in gke-gcloud-auth-plugin failed with exit code 255: no route to sts.eu-west-1.amazonaws.example";
        var open = Snapshots.PriceScraper();

        Text(open with { Context = open.Context! with { Unread = [new UnreadSource("the cluster", Reason)] } }).ShouldContain($"the cluster ({Reason})");
    }

    [Fact]
    public void Draw_OfAnotherClusterThanTheConnected_SaysSoInOneLine()
    {
        var open = Snapshots.PriceScraper();
        var elsewhere = open with { Subject = open.Subject with { Cluster = "eu-1" }, Context = open.Context! with { ConnectedCluster = "eu-2" } };

        foreach (var incident in new[] { elsewhere, elsewhere with { Analysis = null } })
            Text(incident).ShouldContain("⚠️ From the alert alone: it is of cluster eu-1, and eu-2 is connected\n");
        Text(open).ShouldNotContain("From the alert alone");
        IncidentCard.Draw(elsewhere).Title.ShouldContain("in cluster eu-1");
    }

    [Fact]
    public void Draw_OfAClusterThatNobodyHasNamed_SaysSoInSmallPrintAlone()
    {
        var open = Snapshots.PriceScraper();
        var labelled = open with { Subject = open.Subject with { Cluster = "eu-1" }, Context = open.Context! with { IsClusterAssumed = true, Unread = [] } };

        Text(labelled).ShouldContain("Cluster eu-1 is taken for the connected one (Kubernetes:ClusterName is not set)");
        Text(labelled).ShouldNotContain("Could not read");
        Text(open).ShouldNotContain("taken for");
    }

    [Fact]
    public void Draw_ContinuedInAnother_SaysWhereAndIsOver()
    {
        var card = IncidentCard.Draw(Snapshots.Resolved() with { ContinuedIn = new Subject("Rollout", "shop", new string('y', 400)) });

        card.Tone.ShouldBe(CardTone.Resolved);
        card.Title.ShouldStartWith($"↪️ {Snapshots.Resolved().Subject} · continued in Rollout shop/yyy");
        card.Title.Length.ShouldBeLessThanOrEqualTo(Card.MaxTitle);
        Text(Snapshots.Resolved() with { ContinuedIn = new Subject("Rollout", "shop", "api") }).ShouldContain("see the message of the true one");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Draw_ResolvedByAComparison_SaysThatNoWebhookDid(bool confirmed)
    {
        var resolved = Snapshots.Resolved();

        var text = Text(resolved with { Alerts = [.. resolved.Alerts.Select(alert => alert with { Confirmed = confirmed })] });

        text.Contains("Resolved: Alertmanager no longer has it, though no webhook said so", StringComparison.Ordinal).ShouldBe(confirmed);
    }

    [Fact]
    public void Draw_Reopened_ShowsFlapping() =>
        IncidentCard.Draw(Snapshots.PriceScraper() with { Reopened = 3 }).Title.ShouldBe("🔴 CronJob cardboard/price-scraper · flapping ×3");

    [Fact]
    public void Draw_LongSubject_KeepsTheStateWithinTheTitlesLimit()
    {
        var card = IncidentCard.Draw(Snapshots.Resolved() with { Subject = new Subject("Alert", null, new string('y', 400)) });

        card.Title.Length.ShouldBe(Card.MaxTitle);
        card.Title.ShouldEndWith("y… · resolved after 1 h 12 min · flapping ×2");
    }

    [Theory]
    [InlineData("0", "$0")]
    [InlineData("0.0000004", "$0.00000040")]
    [InlineData("0.00009387", "$0.000094")]
    [InlineData("0.0123", "$0.012")]
    [InlineData("0.5", "$0.50")]
    [InlineData("12", "$12.00")]
    public void Draw_Cost_HasTwoSignificantDigits(string cost, string expected)
    {
        var open = Snapshots.PriceScraper();
        var incident = open with { Analysis = open.Analysis! with { CostUsd = decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture) } };

        Text(incident).ShouldContain($"amazon.nova-micro-v1:0 · 1,834 + 212 tokens · {expected}\n");
    }

    [Fact]
    public void Draw_EvidenceOfAnotherRevision_IsNotCited()
    {
        var open = Snapshots.PriceScraper();

        var text = Text(open with { Context = open.Context! with { Revision = 2 } });

        text.ShouldContain("Container scraper was OOMKilled (exit code 137) with a limit of 256Mi.");
        text.ShouldNotContain("(container status");
        text.ShouldNotContain("building");
    }

    [Fact]
    public void Draw_LogLineThatAFindingAlreadyTells_IsNotRepeated()
    {
        var incident = Diagnosed(diagnosis => diagnosis with { Explanation = "It logs \"INFO building <index> in memory\" and dies." });

        Text(incident).Split("building <index> in memory").Length.ShouldBe(2);
    }

    [Fact]
    public void Draw_FindingThatIsTheCause_TellsItsEvidenceInstead()
    {
        var text = Text(Snapshots.Node());

        text.Split("stopped reporting").Length.ShouldBe(2);
        text.ShouldContain("Kubelet stopped posting node status");
    }

    [Fact]
    public void Draw_RemediationOfOneProposal_ShowsOnlyWhereItStands()
    {
        var text = Text(Snapshots.Resolved());

        text.ShouldContain("✅ Verified memory limit of scraper 256Mi → 512Mi: rollout complete and alert resolved — U0ABC123, 03:25 UTC");
        text.ShouldNotContain("Applied");
    }

    [Fact]
    public void Draw_ModelUnavailable_SaysWhy() =>
        Text(Snapshots.Degraded()).ShouldContain("⚠️ Bedrock is paused until 02:18:00 UTC");

    [Fact]
    public void Draw_AlertsOfSeveralNames_CountsThemAndTheResolvedOnes() =>
        Text(Snapshots.TwentyFivePods()).ShouldContain(
            "Alerts: KubePodCrashLooping ×22 (checkout-6d5f7c9b8-00004, checkout-6d5f7c9b8-00005, checkout-6d5f7c9b8-00006, checkout-6d5f7c9b8-00007, checkout-6d5f7c9b8-00008, "
            + "checkout-6d5f7c9b8-00009, checkout-6d5f7c9b8-00010, checkout-6d5f7c9b8-00011, checkout-6d5f7c9b8-00012, checkout-6d5f7c9b8-00013 and 12 more), KubeDeploymentReplicasMismatch\n"
            + "3 resolved: checkout-6d5f7c9b8-00001, checkout-6d5f7c9b8-00002, checkout-6d5f7c9b8-00003\n");

    [Fact]
    public void Draw_TwoHostsAreDown_ListsBoth() =>
        Text(Snapshots.TwoHosts()).ShouldContain("Alerts: InstanceDown ×2 (db-1.example:9104, db-2.example:9104)\n");

    [Fact]
    public void Draw_OneOfTwoHostsIsUpAgain_NamesTheOtherAndFoldsWhatIsOver()
    {
        var text = Text(Snapshots.OneHostLeft());

        text.ShouldContain("Instance db-2.example:9104 down");
        text.ShouldContain("Alerts: InstanceDown (db-2.example:9104)\n1 resolved: db-1.example:9104\n");
        text.ShouldContain("the analysis follows here");
        text.Split("db-1.example").Length.ShouldBe(2, "what is over is named once, as such");
        IncidentCard.Draw(Snapshots.OneHostLeft()).Tone.ShouldBe(CardTone.Critical);
    }

    [Fact]
    public void Draw_BothHostsAreUpAgain_SaysWhatItWas()
    {
        var left = Snapshots.OneHostLeft();
        var text = Text(left with
        {
            ResolvedAt = Snapshots.Opened.AddMinutes(9),
            Alerts = [.. left.Alerts.Select(alert => alert with { Alert = alert.Alert with { Status = AlertStatus.Resolved } })],
        });

        text.ShouldContain("InstanceDown: Instance db-1.example:9104 down, and 1 more");
        text.ShouldContain("Alerts: InstanceDown ×2 (db-1.example:9104, db-2.example:9104)\n");
        text.ShouldNotContain("resolved: ");
    }

    [Fact]
    public void Draw_MoreAlertsThanAreRead_CountsAll() =>
        Text(Snapshots.TwoHosts() with { AlertCounts = [new AlertCount("InstanceDown", 5_000, 20_000)] })
            .ShouldContain("Alerts: InstanceDown ×5,000 (db-1.example:9104, db-2.example:9104)\n20,000 resolved");

    [Fact]
    public void Draw_MessageContinuesAnother_SaysWhyAndWhere() =>
        Text(Snapshots.PriceScraper() with { Continued = new ContinuedMessage("C0ALERTS01", "is_archived") }).ShouldContain("↪️ Continued from C0ALERTS01: the channel is archived\n");

    [Fact]
    public void Draw_Analysed_DoesNotRepeatTheAlertsText() =>
        Text(Snapshots.PriceScraper()).ShouldNotContain("is in waiting state");

    [Theory]
    [InlineData("price-scraper-oom")]
    [InlineData("resolved")]
    [InlineData("degraded")]
    [InlineData("25-pods")]
    [InlineData("node")]
    [InlineData("not-analysed")]
    public void Draw_NormalContent_StaysUnder1500Characters(string name) =>
        Text(Snapshots.All[name]).Length.ShouldBeLessThan(1500);

    [Fact]
    public void Draw_FindingThatTheAlertSays_IsNotRepeated() =>
        Text(Diagnosed(diagnosis => diagnosis with { Findings = [new Finding("unknown", "Pod is crash looping.", ["e1"])] })).ShouldNotContain("Pod is crash looping");

    [Fact]
    public void Draw_ModelDoubts_SaysSoBelowTheCause()
    {
        var text = Text(Diagnosed(diagnosis => diagnosis with { Doubt = "it sees nothing wrong here" })).Split('\n');

        text[1].ShouldBe("Container scraper is killed at its memory limit of 256Mi (OOMKilled)");
        text.ShouldContain("🤔 The model doubts it: it sees nothing wrong here");
    }

    [Fact]
    public void Draw_EmptyTexts_HasNoEmptySpanLineOrPart()
    {
        var open = Diagnosed(_ => new Diagnosis("", " ", Severity.Warning, Confidence.High, [new Finding("model", "", [])]));
        var card = IncidentCard.Draw(open with { Alerts = [], Analysis = open.Analysis! with { Commands = [""], ModelId = "" } });

        card.Parts.ShouldAllBe(part => part.Lines.Count > 0);
        card.Parts.SelectMany(part => part.Lines).ShouldAllBe(line => line.Spans.Count > 0);
        card.Parts.SelectMany(part => part.Lines).SelectMany(line => line.Spans).ShouldAllBe(span => span.Text.Length > 0);
        card.Headline.ShouldBe("🟠 CronJob cardboard/price-scraper");
    }

    private static IncidentSnapshot Diagnosed(Func<Diagnosis, Diagnosis> change)
    {
        var open = Snapshots.PriceScraper();
        return open with { Analysis = open.Analysis! with { Diagnosis = change(open.Analysis.Diagnosis) } };
    }

    private static string Text(IncidentSnapshot incident)
    {
        var card = IncidentCard.Draw(incident);
        return card.Title + '\n' + string.Concat(card.Parts
            .SelectMany(part => part.Lines)
            .Select(line => string.Concat(line.Spans.Select(span => span.Text)) + '\n'));
    }
}
