namespace k8s.KubeConfigModels;

/// <summary>What a credential plug-in prints.</summary>
internal sealed record ExecCredentialResponse(string ApiVersion, ExecCredentialResponse.ExecStatus Status)
{
    /// <summary>A token, or a client certificate with its key in PEM, or both. No expiry: good as long as this process.</summary>
    internal sealed record ExecStatus(string Token, string ClientCertificateData, string ClientKeyData, DateTime? ExpirationTimestamp)
    {
        public bool IsValid() =>
            !string.IsNullOrEmpty(Token) || (!string.IsNullOrEmpty(ClientCertificateData) && !string.IsNullOrEmpty(ClientKeyData));
    }
}
