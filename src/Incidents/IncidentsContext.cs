using System.Data;
using AlertResponder.Incidents.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AlertResponder.Incidents;

/// <summary>The store. One model; SQLite and PostgreSQL have a context each because their migrations differ.</summary>
public abstract class IncidentsContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Incident> Incidents => Set<Incident>();

    public DbSet<IncidentAlert> Alerts => Set<IncidentAlert>();

    public DbSet<InboxEntry> Inbox => Set<InboxEntry>();

    public DbSet<WebhookRefusal> Refusals => Set<WebhookRefusal>();

    public DbSet<ChannelOutage> ChannelOutages => Set<ChannelOutage>();

    public DbSet<Duty> Duties => Set<Duty>();

    public DbSet<ClickEntry> Clicks => Set<ClickEntry>();

    public DbSet<Proposal> Proposals => Set<Proposal>();

    public DbSet<RemediationEntry> Remediations => Set<RemediationEntry>();

    public DbSet<ModelDay> ModelDays => Set<ModelDay>();

    public DbSet<ModelSpend> ModelSpends => Set<ModelSpend>();

    public DbSet<KnownAnswer> KnownAnswers => Set<KnownAnswer>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    /// <summary>
    /// Begins a transaction that no other one with the same key runs beside, in any process. The unique index decides all
    /// the same; the lock spares the losers their retries.
    /// </summary>
    public abstract Task<IDbContextTransaction> BeginExclusiveAsync(string key, CancellationToken cancellationToken);

    /// <summary>The same for two keys: whoever takes both takes them in the same order.</summary>
    public async Task<IDbContextTransaction> BeginExclusiveOfBothAsync(string key, string otherKey, CancellationToken cancellationToken)
    {
        var (first, second) = string.CompareOrdinal(key, otherKey) < 0 ? (key, otherKey) : (otherKey, key);
        var transaction = await BeginExclusiveAsync(first, cancellationToken);
        try
        {
            await TakeTurnAsync(second, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Within a transaction of <see cref="BeginExclusiveAsync"/>: waits for those that have taken the same key, until it ends.</summary>
    internal abstract Task TakeTurnAsync(string key, CancellationToken cancellationToken);

    /// <summary>A transaction whose reads all see the store as it was at the first of them.</summary>
    internal virtual Task<IDbContextTransaction> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Incident>(incident =>
        {
            incident.ToTable("incidents");
            incident.HasKey(i => i.Id);
            incident.Property(i => i.Id).ValueGeneratedNever();
            incident.Property(i => i.SubjectKey).HasMaxLength(AlertResponder.Incidents.SubjectKey.MaxLength);

            // Other stages raise it beside a transaction that has read it: that one must start over, or a change is never drawn.
            incident.Property(i => i.Version).IsConcurrencyToken();
            incident.HasIndex(i => i.SubjectKey, "IX_incidents_open_subject").IsUnique().HasFilter("\"ResolvedAt\" IS NULL");
            incident.HasIndex(i => new { i.SubjectKey, i.ResolvedAt }, "IX_incidents_subject_resolved");

            // In the words of IncidentProgress: a store takes a filtered index where it finds them again.
            incident.HasIndex(i => i.DriveAt, "IX_incidents_unfinished").HasFilter("\"DrawnVersion\" < \"Version\" OR (\"AnalyzedRevision\" < \"Revision\" AND \"ContinuedIn\" IS NULL)");
            incident.HasIndex(i => i.ProposeAt, "IX_incidents_unproposed")
                .HasFilter("\"ResolvedAt\" IS NULL AND \"AnalyzedRevision\" > 0 AND (\"ProposedRevision\" IS NULL OR \"ProposedRevision\" < \"AnalyzedRevision\")");
            incident.HasIndex(i => i.EvidenceRetryAt, "IX_incidents_evidence_retry").HasFilter("\"EvidenceRetryAt\" IS NOT NULL");
            incident.HasIndex(i => i.ReviewAt, "IX_incidents_review").HasFilter("\"ReviewAt\" IS NOT NULL");
            incident.HasIndex(i => i.OpenedAt, "IX_incidents_opened");

            // Whole: to count what is open SQLite would pass over a filtered one and read all of another.
            incident.HasIndex(i => new { i.ResolvedAt, i.OpenedAt }, "IX_incidents_resolved_opened");
            incident.HasIndex(i => i.DrawClaimedUntil, "IX_incidents_draw_claimed").HasFilter("\"DrawClaimedUntil\" IS NOT NULL");
            incident.HasIndex(i => i.ModelRetryAt, "IX_incidents_model_retry").HasFilter("\"ModelRetryAt\" IS NOT NULL");
        });
        modelBuilder.Entity<IncidentAlert>(alert =>
        {
            alert.ToTable("incident_alerts");
            alert.HasKey(a => new { a.Fingerprint, a.StartsAt });
            alert.Property(a => a.Fingerprint).HasMaxLength(64);
            alert.Property(a => a.Status).HasConversion<string>().HasMaxLength(16);
            alert.Property(a => a.Severity).HasConversion<string>().HasMaxLength(16);
            alert.HasOne<Incident>().WithMany().HasForeignKey(a => a.IncidentId).OnDelete(DeleteBehavior.Cascade);

            // All that a message shows or counts of an incident's alerts, so that of thousands no row is read but those that it shows.
            alert.HasIndex(a => new { a.IncidentId, a.Status, a.StartsAt, a.Fingerprint, a.Name, a.Severity }, "IX_incident_alerts_shown");
            alert.HasIndex(a => a.ReceivedAt, "IX_incident_alerts_single").HasFilter("\"IncidentId\" IS NULL");
            alert.HasIndex(a => a.LateLookAt, "IX_incident_alerts_late").HasFilter("\"LateLookAt\" IS NOT NULL");
            alert.HasIndex(a => a.ListedAt, "IX_incident_alerts_listed").HasFilter("\"ListedAt\" IS NOT NULL");
        });
        modelBuilder.Entity<InboxEntry>(entry =>
        {
            entry.ToTable("inbox");
            entry.HasKey(e => e.Sequence);
            entry.HasIndex(e => e.MessageId, "IX_inbox_message").IsUnique();
            entry.HasIndex(e => e.Sequence, "IX_inbox_urgent").HasFilter("\"Urgency\" = 1");
        });
        modelBuilder.Entity<WebhookRefusal>(refusal =>
        {
            refusal.ToTable("refusals");
            refusal.HasKey(r => new { r.Sender, r.Reason });
            refusal.Property(r => r.Sender).HasMaxLength(WebhookRefusal.MaxSender);
            refusal.Property(r => r.Reason).HasConversion<string>().HasMaxLength(16);
            refusal.Property(r => r.Detail).HasMaxLength(WebhookRefusal.MaxDetail);
            refusal.HasIndex(r => r.LastAt, "IX_refusals_last");
        });
        modelBuilder.Entity<ChannelOutage>(outage =>
        {
            outage.ToTable("channel_outages");
            outage.HasKey(o => o.Channel);
            outage.Property(o => o.Channel).HasMaxLength(ChannelOutage.MaxName);
            outage.Property(o => o.Error).HasMaxLength(ChannelOutage.MaxName);
        });
        modelBuilder.Entity<Duty>(duty =>
        {
            duty.ToTable("duties");
            duty.HasKey(d => d.Name);
            duty.Property(d => d.Name).HasMaxLength(64);
        });
        modelBuilder.Entity<ClickEntry>(click =>
        {
            click.ToTable("clicks");
            click.HasKey(c => c.Id);
            click.Property(c => c.Id).ValueGeneratedNever();
            click.HasIndex(c => c.ReceivedAt, "IX_clicks_received");
        });
        modelBuilder.Entity<Proposal>(proposal =>
        {
            proposal.ToTable("proposals");
            proposal.HasKey(p => p.Id);
            proposal.Property(p => p.Id).ValueGeneratedNever();
            proposal.Property(p => p.SubjectKey).HasMaxLength(AlertResponder.Incidents.SubjectKey.MaxLength);
            proposal.Property(p => p.Kind).HasMaxLength(64);
            proposal.Property(p => p.Risk).HasConversion<string>().HasMaxLength(16);
            proposal.Property(p => p.State).HasConversion<string>().HasMaxLength(16);
            proposal.HasOne<Incident>().WithMany().HasForeignKey(p => p.IncidentId).OnDelete(DeleteBehavior.Cascade);
            proposal.HasIndex(p => p.IncidentId, "IX_proposals_incident");
            proposal.HasIndex(p => new { p.SubjectKey, p.Kind }, "IX_proposals_subject");
            proposal.HasIndex(p => p.DueAt, "IX_proposals_due").HasFilter("\"DueAt\" IS NOT NULL");
        });
        modelBuilder.Entity<RemediationEntry>(entry =>
        {
            entry.ToTable("remediations");
            entry.HasKey(e => e.Id);
            entry.Property(e => e.Id).ValueGeneratedNever();
            entry.HasOne<Incident>().WithMany().HasForeignKey(e => e.IncidentId).OnDelete(DeleteBehavior.Cascade);
            entry.HasIndex(e => e.IncidentId, "IX_remediations_incident");
            entry.HasIndex(e => e.CompletedAt, "IX_remediations_completed");
            entry.HasIndex(e => e.TellAt, "IX_remediations_tell").HasFilter("\"TellAt\" IS NOT NULL");
        });
        modelBuilder.Entity<ModelDay>(day =>
        {
            day.ToTable("model_days");
            day.HasKey(d => d.Day);
            day.Property(d => d.Day).ValueGeneratedNever();
        });
        modelBuilder.Entity<ModelSpend>(spend =>
        {
            spend.ToTable("model_spends");
            spend.HasKey(s => new { s.IncidentId, s.Revision });
            spend.HasOne<Incident>().WithMany().HasForeignKey(s => s.IncidentId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<KnownAnswer>(answer =>
        {
            answer.ToTable("known_answers");
            answer.HasKey(a => new { a.SubjectKey, a.Signature });
            answer.Property(a => a.SubjectKey).HasMaxLength(AlertResponder.Incidents.SubjectKey.MaxLength);
            answer.Property(a => a.Signature).HasMaxLength(64);
            answer.HasIndex(a => a.ExpiresAt, "IX_known_answers_expires");
        });
        modelBuilder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("audit_entries");
            entry.HasKey(e => e.Sequence);
            entry.Property(e => e.Sequence).ValueGeneratedNever();
            entry.Property(e => e.Step).HasConversion<string>().HasMaxLength(16);
            entry.Property(e => e.PreviousHash).HasMaxLength(64);
            entry.Property(e => e.Hash).HasMaxLength(64);
            entry.HasIndex(e => e.Id, "IX_audit_entries_id").IsUnique();
        });
        modelBuilder.Entity<AuditHead>(head =>
        {
            head.ToTable("audit_head");
            head.HasKey(h => h.Id);
            head.Property(h => h.Id).ValueGeneratedNever();
            head.Property(h => h.Hash).HasMaxLength(64);
        });
    }
}
