using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Cluster.Controllers;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster.Store;

/// <summary>
/// Creates, updates, patches and deletes: admission in the API server's order, optimistic concurrency, dry runs. All of it is one
/// transaction on the store, and so is what the controllers then do.
/// </summary>
internal sealed class ObjectWrites(ObjectStore store, TimeProvider time, ControllerManager controllers)
{
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicMergePatchType = "application/strategic-merge-patch+json";
    private const string ApplyPatchType = "application/apply-patch+yaml";

    /// <exception cref="RejectedException">The API server refuses.</exception>
    public Answer Create(Target target, RecordedRequest request) => store.Exclusively(() =>
    {
        var item = Decode(target.Type, request);
        RequireNamespace(target);
        if (item.Namespace() is { } given && given != target.Namespace)
            throw BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        if (item.Name().Length == 0 && item.Text("metadata", "generateName") is { Length: > 0 } prefix)
            item.Metadata()["name"] = prefix + Names.Random(store.NextNumber());
        if (item.Name() is not { Length: > 0 } name)
            throw new RejectedException(Status.Invalid(target.Type, "", InvalidField.Required("metadata.name")));
        if (store.Find(target.Type, target.Namespace, name) is not null)
            throw new RejectedException(Status.AlreadyExists(target.Type, name));
        RequireReadable(target.Type, item);
        return Answer.Json(201, Insert(target with { Name = name }, item, Manager(target, request, "Update"), IsDryRun(request)));
    });

    /// <exception cref="RejectedException">The API server refuses.</exception>
    public Answer Replace(Target target, RecordedRequest request) => store.Exclusively(() =>
    {
        var before = Present(target);
        if (target.Subresource == "scale")
            return Scale(target, before, request, DecodeJson(request));
        var after = Decode(target.Type, request);
        RequireReadable(target.Type, after);
        if (after.Uid() is { Length: > 0 } uid && uid != before.Uid())
        {
            throw new RejectedException(Status.Conflict(
                target.Type,
                target.Name!,
                $"StorageError: invalid object, Code: 4, Precondition failed: UID in precondition: {uid}, UID in object meta: {before.Uid()}"));
        }

        return Answer.Json(200, Update(target, before, after, Manager(target, request, "Update"), IsDryRun(request)));
    });

    /// <exception cref="RejectedException">The API server refuses.</exception>
    public Answer Patch(Target target, RecordedRequest request) => store.Exclusively(() =>
    {
        var mediaType = request.Header("Content-Type")?.Split(';')[0].Trim();
        if (mediaType == ApplyPatchType && target.Subresource is null or "status")
            return Apply(target, request);
        if (mediaType is not (JsonPatchType or MergePatchType or StrategicMergePatchType)
            || (mediaType == StrategicMergePatchType && !target.Type.BuiltIn))
        {
            throw new RejectedException(Status.UnsupportedMediaType() with { Unexpected = $"a patch of {target.Type.Plural} can't be {mediaType}" });
        }

        var before = Present(target);
        if (target.Subresource == "scale")
            return Scale(target, before, request, Patched(mediaType, ObjectShapes.Scale(before), request.Body));
        var after = Patched(mediaType, before, request.Body);
        if (!ObjectRules.QuantitiesAreReadable(target.Type, after))
        {
            var patch = mediaType == StrategicMergePatchType ? GoText.Of(Patches.Decode(request.Body)) : request.Body;
            throw new RejectedException(Status.InvalidPatch(patch, Quantity.Rule));
        }

        if (after.Uid() != before.Uid())
        {
            var problem = InvalidField.Value("metadata.uid", after.Uid(), "field is immutable");
            // The API server finds it twice.
            throw new RejectedException(Status.Invalid(target.Type, target.Name!, problem, problem));
        }

        return Answer.Json(200, Update(target, before, after, Manager(target, request, "Update"), IsDryRun(request)));
    });

    /// <exception cref="RejectedException">The API server refuses.</exception>
    public Answer Delete(Target target, RecordedRequest request) => store.Exclusively(() =>
    {
        var item = Present(target);
        var options = request.Content.IsEmpty ? null : DecodeJson(request);
        RequirePreconditions(target, item, options);
        var isDryRun = IsDryRun(request) || options.Texts("dryRun").Any(value => value == "All");
        if (!isDryRun)
        {
            var propagation = options.Text("propagationPolicy") ?? request.Query.GetValueOrDefault("propagationPolicy");
            controllers.Remove(target.Type, item, isOrphaning: propagation == "Orphan" || options.IsTrue("orphanDependents"));
        }

        if (target.Type.Kind != "Pod")
            return Status.Deleted(target.Type, item);
        // A pod is given time to end, and what it is answered with is the pod that ends.
        var seconds = options.Number("gracePeriodSeconds") ?? item.Number("spec", "terminationGracePeriodSeconds") ?? 30;
        item.Metadata()["deletionTimestamp"] = RelativeTime.Write(time.GetUtcNow().AddSeconds(seconds));
        item.Metadata()["deletionGracePeriodSeconds"] = seconds;
        return Answer.Json(200, item);
    });

    /// <summary>The eviction of a pod: a deletion that asks the pod's budgets first.</summary>
    /// <exception cref="RejectedException">A budget is exhausted, or the API server refuses.</exception>
    public Answer Evict(Target target, RecordedRequest request) => store.Exclusively(() =>
    {
        var pod = Present(target with { Subresource = null });
        var eviction = DecodeJson(request);
        RequirePreconditions(target, pod, eviction["deleteOptions"] as JsonObject);
        if (DisruptionBudgets.Objection(store, pod) is { } objection)
            throw new RejectedException(objection);
        if (!IsDryRun(request) && eviction.Texts("deleteOptions", "dryRun").All(value => value != "All"))
            controllers.Remove(target.Type, pod, isOrphaning: false);
        return Status.Success(201);
    });

    private Answer Apply(Target target, RecordedRequest request)
    {
        if (request.Query.GetValueOrDefault("fieldManager") is not { Length: > 0 })
        {
            throw new RejectedException(Status.Failure(
                422,
                "Invalid",
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch") with
            {
                Unexpected = "apply needs a field manager",
            });
        }

        var document = DecodeYaml(request.Body);
        RequireType(target.Type, document);
        RequireReadable(target.Type, document);
        var manager = Manager(target, request, "Apply");
        var live = store.Find(target.Type, target.Namespace, target.Name!);
        var merged = ManagedFields.Apply(live, document, manager, request.Query.GetValueOrDefault("force") is "true" or "1", time.GetUtcNow());
        if (live is not null)
            return Answer.Json(200, Update(target, live, merged, manager, IsDryRun(request)));
        RequireNamespace(target);
        return Answer.Json(201, Insert(target, merged, manager, IsDryRun(request)));
    }

    private Answer Scale(Target target, JsonObject before, RecordedRequest request, JsonObject scale)
    {
        var after = before.Copy();
        after.Within("spec")["replicas"] = scale.Number("spec", "replicas") ?? 0;
        if (scale.Text("metadata", "resourceVersion") is { Length: > 0 } version)
            after.Metadata()["resourceVersion"] = version;
        var updated = Update(target with { Subresource = null }, before, after, Manager(target, request, "Update"), IsDryRun(request));
        return Answer.Json(200, ObjectShapes.Scale(updated));
    }

    private JsonObject Insert(Target target, JsonObject item, FieldManager manager, bool isDryRun)
    {
        var metadata = item.Metadata();
        foreach (var field in new[] { "resourceVersion", "uid", "creationTimestamp", "deletionTimestamp", "generation", "selfLink" })
            metadata.Remove(field);
        if (target.Type.Namespaced)
            metadata["namespace"] = target.Namespace;
        if (target.Type.HasGeneration)
            metadata["generation"] = 1;
        Defaults.Fill(target.Type, item);
        controllers.Prepare(target.Type, item);
        Require(target, ObjectRules.Check(target.Type, null, item));
        if (manager.Operation != "Apply")
            ManagedFields.Record(null, item, manager, time.GetUtcNow());
        if (isDryRun)
        {
            metadata["creationTimestamp"] = RelativeTime.Write(time.GetUtcNow());
            return item;
        }

        var saved = store.Save(target.Type, item);
        controllers.React(target.Type, null, saved);
        return saved;
    }

    private JsonObject Update(Target target, JsonObject before, JsonObject after, FieldManager manager, bool isDryRun)
    {
        RequireType(target.Type, after);
        if (after.Name() != target.Name)
            throw BadRequest($"the name of the object ({after.Name()}) does not match the name on the URL ({target.Name})");
        if (after.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != before.Text("metadata", "resourceVersion"))
            throw new RejectedException(Status.Modified(target.Type, target.Name));
        var managed = after.At("metadata", "managedFields")?.DeepClone();
        KeepWhatIsTheServers(target, before, after);
        Require(target, ObjectRules.Check(target.Type, before, after));
        if (target.Type.HasGeneration && !JsonNode.DeepEquals(before["spec"], after["spec"]))
            after.Metadata()["generation"] = (before.Number("metadata", "generation") ?? 1) + 1;
        if (manager.Operation == "Apply")
            after.Metadata().SetOrRemove("managedFields", managed);
        // What changes nothing is not stored.
        if (JsonNode.DeepEquals(WithoutTimes(before), WithoutTimes(after)))
            return before;
        if (manager.Operation != "Apply")
            ManagedFields.Record(before, after, manager, time.GetUtcNow());
        if (isDryRun)
            return after;
        var saved = store.Save(target.Type, after);
        controllers.React(target.Type, before, saved);
        return saved;
    }

    private static void KeepWhatIsTheServers(Target target, JsonObject before, JsonObject after)
    {
        var metadata = after.Metadata();
        foreach (var field in new[] { "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields" })
            metadata.SetOrRemove(field, before["metadata"]![field]);
        var kept = target.Subresource == "status" ? before.Select(pair => pair.Key).Where(field => field is not ("metadata" or "status")) : ["status"];
        foreach (var field in kept.ToList())
            after.SetOrRemove(field, before[field]);
    }

    /// <summary>An apply that repeats itself renews only the time of its entry.</summary>
    private static JsonObject WithoutTimes(JsonObject item)
    {
        var copy = item.Copy();
        foreach (var entry in copy.Objects("metadata", "managedFields"))
            entry.Remove("time");
        return copy;
    }

    private static JsonObject Patched(string mediaType, JsonObject item, string body) => mediaType switch
    {
        JsonPatchType => JsonPatch.Apply(item, body),
        MergePatchType => Patches.Merge(item, Patches.DecodeObject(body)),
        _ => Patches.StrategicMerge(item, Patches.DecodeObject(body)),
    };

    private JsonObject Present(Target target) =>
        store.Find(target.Type, target.Namespace, target.Name!) ?? throw new RejectedException(Status.NotFound(target.Type, target.Name!));

    private void RequireNamespace(Target target)
    {
        if (target.Namespace is { } ns && store.Find("Namespace", null, ns) is null)
            throw new RejectedException(Status.NotFound(store.TypeOf("Namespace"), ns));
    }

    private static void RequirePreconditions(Target target, JsonObject item, JsonObject? options)
    {
        if (options.Text("preconditions", "uid") is { } uid && uid != item.Uid())
            throw new RejectedException(Status.PreconditionFailed(target.Type, target.Name!, "UID", uid, item.Uid()));
        var present = item.Text("metadata", "resourceVersion") ?? "";
        if (options.Text("preconditions", "resourceVersion") is { } version && version != present)
            throw new RejectedException(Status.PreconditionFailed(target.Type, target.Name!, "ResourceVersion", version, present));
    }

    private static void Require(Target target, IReadOnlyList<InvalidField> problems)
    {
        if (problems.Count > 0)
            throw new RejectedException(Status.Invalid(target.Type, target.Name!, problems));
    }

    private static void RequireReadable(ResourceType type, JsonObject item)
    {
        if (!ObjectRules.QuantitiesAreReadable(type, item))
            throw BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {Quantity.Rule}");
    }

    private static void RequireType(ResourceType type, JsonObject item)
    {
        if (item.Text("kind") is { } kind && kind != type.Kind)
            throw BadRequest($"the kind of the object ({kind}) is not {type.Kind}");
        if (item.Text("apiVersion") is { } version && version != type.ApiVersion)
            throw BadRequest($"the API version in the data ({version}) does not match the expected API version ({type.ApiVersion})");
    }

    private static JsonObject Decode(ResourceType type, RecordedRequest request)
    {
        var item = request.Header("Content-Type")?.Contains("yaml", StringComparison.Ordinal) == true ? DecodeYaml(request.Body) : DecodeJson(request);
        RequireType(type, item);
        return item;
    }

    private static JsonObject DecodeJson(RecordedRequest request)
    {
        if (request.Header("Content-Type") is { } mediaType && !mediaType.StartsWith("application/json", StringComparison.Ordinal)
            && !mediaType.EndsWith("+json", StringComparison.Ordinal))
            throw new RejectedException(Status.UnsupportedMediaType() with { Unexpected = $"this cluster reads JSON, not {mediaType}" });
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject ?? throw BadRequest("the request body is no object");
        }
        catch (JsonException exception)
        {
            throw BadRequest($"the object provided is unrecognized (must be of type JSON): {exception.Message}");
        }
    }

    private static JsonObject DecodeYaml(string body)
    {
        try
        {
            return YamlDocuments.Read(body).Single();
        }
        catch (Exception exception) when (exception is YamlDotNet.Core.YamlException or FormatException or InvalidOperationException)
        {
            throw BadRequest($"error decoding YAML: {exception.Message}");
        }
    }

    private static bool IsDryRun(RecordedRequest request) => request.Query.GetValueOrDefault("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw new RejectedException(Status.Failure(
            422,
            "Invalid",
            string.Create(CultureInfo.InvariantCulture, $"PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"{other}\"]: supported values: \"All\"")) with
        {
            Unexpected = "the only dry run there is is All",
        }),
    };

    private static FieldManager Manager(Target target, RecordedRequest request, string operation) => new(
        request.Query.GetValueOrDefault("fieldManager") is { Length: > 0 } named
            ? named
            : request.Header("User-Agent")?.Split('/', ' ')[0] is { Length: > 0 } client ? client : "unknown",
        operation,
        target.Type.ApiVersion,
        target.Subresource);

    private static RejectedException BadRequest(string message) => new(Status.BadRequest(message) with { Unexpected = message });
}
