using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Subjects;

/// <summary>
/// What a pod's name says about its owner, for pods that are gone. Controllers append a template hash and a random suffix
/// from Kubernetes' alphabet without vowels; CronJobs name their Jobs by the minute.
/// </summary>
internal static partial class PodNames
{
    /// <summary>The possible owners, likeliest first.</summary>
    public static IReadOnlyList<Subject> Owners(string @namespace, string pod)
    {
        List<Subject> owners = [];
        if (CronJobPod().Match(pod) is { Success: true } scheduled)
        {
            owners.Add(new Subject("Job", @namespace, scheduled.Groups["job"].Value));
            owners.Add(new Subject("CronJob", @namespace, scheduled.Groups["cronjob"].Value));
        }
        else if (DeploymentPod().Match(pod) is { Success: true } deployed)
        {
            owners.Add(new Subject("ReplicaSet", @namespace, deployed.Groups["replicaset"].Value));
            owners.Add(new Subject("Deployment", @namespace, deployed.Groups["deployment"].Value));
        }
        else if (StatefulSetPod().Match(pod) is { Success: true } numbered)
        {
            owners.Add(new Subject("StatefulSet", @namespace, numbered.Groups["statefulset"].Value));
        }

        if (GeneratedPod().Match(pod) is { Success: true } generated)
        {
            var owner = generated.Groups["owner"].Value;
            owners.Add(new Subject("DaemonSet", @namespace, owner));
            owners.Add(new Subject("Job", @namespace, owner));
            owners.Add(new Subject("ReplicaSet", @namespace, owner));
        }

        return owners.Distinct().ToList();
    }

    /// <summary>The best guess when nothing can be looked up: the workload if the name is clear, else the pod itself.</summary>
    public static Subject Guess(string @namespace, string pod)
    {
        if (CronJobPod().Match(pod) is { Success: true } scheduled)
        {
            return new Subject("CronJob", @namespace, scheduled.Groups["cronjob"].Value);
        }

        if (DeploymentPod().Match(pod) is { Success: true } deployed)
        {
            return new Subject("Deployment", @namespace, deployed.Groups["deployment"].Value);
        }

        return StatefulSetPod().Match(pod) is { Success: true } numbered
            ? new Subject("StatefulSet", @namespace, numbered.Groups["statefulset"].Value)
            : new Subject("Pod", @namespace, pod);
    }

    /// <summary>The Deployment of a ReplicaSet that cannot be read.</summary>
    public static Subject GuessDeployment(string @namespace, string replicaSet) =>
        ReplicaSetName().Match(replicaSet) is { Success: true } match
            ? new Subject("Deployment", @namespace, match.Groups["deployment"].Value)
            : new Subject("ReplicaSet", @namespace, replicaSet);

    /// <summary>The CronJob of a Job that cannot be read.</summary>
    public static Subject GuessCronJob(string @namespace, string job) =>
        ScheduledJobName().Match(job) is { Success: true } match
            ? new Subject("CronJob", @namespace, match.Groups["cronjob"].Value)
            : new Subject("Job", @namespace, job);

#pragma warning disable MA0009 // Linear, being anchored; NonBacktracking takes 200 KB for each.
    [GeneratedRegex("^(?<job>(?<cronjob>.+)-[0-9]{8,10})-[a-z0-9]{5}$", RegexOptions.ExplicitCapture)]
    private static partial Regex CronJobPod();

    [GeneratedRegex("^(?<replicaset>(?<deployment>.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10})-[a-z0-9]{5}$", RegexOptions.ExplicitCapture)]
    private static partial Regex DeploymentPod();

    [GeneratedRegex("^(?<statefulset>.+)-[0-9]{1,4}$", RegexOptions.ExplicitCapture)]
    private static partial Regex StatefulSetPod();

    [GeneratedRegex("^(?<owner>.+)-[a-z0-9]{5}$", RegexOptions.ExplicitCapture)]
    private static partial Regex GeneratedPod();

    [GeneratedRegex("^(?<deployment>.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}$", RegexOptions.ExplicitCapture)]
    private static partial Regex ReplicaSetName();

    [GeneratedRegex("^(?<cronjob>.+)-[0-9]{8,10}$", RegexOptions.ExplicitCapture)]
    private static partial Regex ScheduledJobName();
}
